package io.strata.posix;

import io.strata.natives.NativeFunction;

/** libc, and how its failures become exceptions. */
record Native(Libc libc) {
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
    return ErrnoException.of(lastErrno());
  }

  int lastErrno() {
    return NativeFunction.errno();
  }
}
