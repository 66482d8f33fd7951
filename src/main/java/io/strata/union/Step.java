package io.strata.union;

import io.strata.posix.ErrnoException;

/** Something that is done while a lock is held, or while something else is ready for it. */
interface Step {
  void run() throws ErrnoException;
}
