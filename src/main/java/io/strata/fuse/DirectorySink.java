package io.strata.fuse;

/** Takes the entries of a directory, until it is full. */
public interface DirectorySink {
  /**
   * Whether entries go in with attributes (READDIRPLUS), through {@link #add(byte[], int, int,
   * Entry, long)}; else through {@link #add(byte[], int, int, long, int, long)}.
   */
  boolean plus();

  /**
   * Adds an entry without attributes.
   *
   * @param name holds the name, without NUL
   * @param from where it begins
   * @param length its bytes
   * @param inode its inode number, as st_ino would say
   * @param mode its type bits ({@code S_IFMT})
   * @param next the offset that resumes behind this entry: not 0, up to the file system
   * @return false when it did not fit: it was not added, and nothing more will be
   */
  boolean add(byte[] name, int from, int length, long inode, int mode, long next);

  /**
   * Adds an entry with its attributes, which counts as a lookup of its node. With {@link
   * Entry#node} 0 the kernel learns the name only, and asks when it wants more; so {@code .} and
   * {@code ..} are given. For these {@link Attributes#inode} and mode are still needed.
   *
   * @return false when it did not fit: it was not added, nothing more will be, and no lookup counts
   */
  boolean add(byte[] name, int from, int length, Entry entry, long next);
}
