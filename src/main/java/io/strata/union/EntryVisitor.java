package io.strata.union;

import io.strata.posix.ErrnoException;
import org.jspecify.annotations.Nullable;

/** Takes the entries of one layer's directory. */
@FunctionalInterface
interface EntryVisitor {
  /**
   * @param name the entry's; the visitor may keep it
   * @param type its type bits ({@code S_IFMT})
   * @param inode its st_ino in the union, as far as the layer knows
   * @param file the file itself, where the layer gives it for nothing
   */
  void entry(Name name, int type, long inode, @Nullable Lower file) throws ErrnoException;
}
