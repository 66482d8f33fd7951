package io.strata.union;

import io.strata.posix.Stat;

/**
 * Generations of file handles: they tell a file from an earlier one that had its inode number.
 *
 * <p>A host file system keeps such a number itself, but gives it only piece by piece; the time of a
 * file's birth does as well, is the same in every mount, and comes with its other attributes.
 */
final class Generations {
  private Generations() {}

  /** A number made of the time of birth; 0 where the file system does not tell that. */
  static int of(Stat stat) {
    long mixed = (stat.birthSeconds * 1_000_000_000 + stat.birthNanos) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32);
  }
}
