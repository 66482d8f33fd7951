package io.strata.posix;

import jnr.ffi.Runtime;

/** libc, and how its failures become exceptions. */
record Native(Libc libc, Runtime runtime) {
  int check(int result) throws ErrnoException {
    if (result < 0) {
      throw lastError();
    }
    return result;
  }

  long check(long result) throws ErrnoException {
    if (result < 0) {
      throw lastError();
    }
    return result;
  }

  ErrnoException lastError() {
    return ErrnoException.of(runtime.getLastError());
  }
}
