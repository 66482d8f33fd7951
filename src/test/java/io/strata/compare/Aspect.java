package io.strata.compare;

/** What of two trees is compared, beside the names. */
public enum Aspect {
  /** Type and permission bits, and that the directory's own idea of the type agrees. */
  MODE,
  /** User and group. */
  OWNER,
  /** Time of the last change of the content, in nanoseconds. */
  MODIFY_TIME,
  /** Size of what is not a directory. */
  SIZE,
  /** Size of directories, which is a matter of the file system. */
  DIRECTORY_SIZE,
  /** How many names a file has. */
  LINK_COUNT,
  /** That the same names lead to one file. */
  LINK_GROUPS,
  /** Inode numbers. */
  INODE_NUMBER,
  /** Numbers of device files. */
  DEVICE,
  /** Extended attributes, names and values. */
  XATTRS,
  /** Targets of symbolic links. */
  LINK_TARGET,
  /** The bytes of regular files. */
  CONTENT
}
