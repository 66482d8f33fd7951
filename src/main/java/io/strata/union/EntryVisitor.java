package io.strata.union;

import io.strata.posix.ErrnoException;

/** Takes the entries of one layer's directory. */
@FunctionalInterface
interface EntryVisitor {
  /**
   * @param name the entry's; the visitor may keep it
   * @param type its type bits ({@code S_IFMT})
   * @param inode its st_ino in the union, as far as the layer knows
   */
  void entry(Name name, int type, long inode) throws ErrnoException;
}
