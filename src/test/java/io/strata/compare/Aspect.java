package io.strata.compare;

/** What of two trees is compared, beside the names. */
public enum Aspect {
  /** Type and permission bits, and that the directory's own idea of the type agrees. */
  MODE,
  /** User and group. */
  OWNER,
  /** Time of the last change of the content, in nanoseconds. */
  MODIFY_TIME,
  /** Times of the last access and of the last change of attributes. */
  OTHER_TIMES,
  /** Size of what is not a directory. */
  SIZE,
  /** Size of directories, which is a matter of the file system. */
  DIRECTORY_SIZE,
  /** The space that a file takes, as st_blocks. */
  SPACE,
  /** Where a file's holes are, as SEEK_HOLE and SEEK_DATA find them. */
  HOLES,
  /** The order in which a directory lists its names. */
  ORDER,
  /** How many names a file has. */
  LINK_COUNT,
  /** That the same names lead to one file. */
  LINK_GROUPS,
  /** Inode numbers, those that directories list among them. */
  INODE_NUMBER,
  /** Numbers of device files. */
  DEVICE,
  /** How large the whole file system is, and how many files it has. */
  FILE_SYSTEM,
  /** Extended attributes, names and values. */
  XATTRS,
  /** Targets of symbolic links. */
  LINK_TARGET,
  /** The bytes of regular files. */
  CONTENT
}
