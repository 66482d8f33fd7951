package io.strata.mount;

import io.strata.posix.Posix;
import java.util.OptionalInt;

/** Those of this system, wherever libc finds them. */
record SystemAccounts() implements Accounts {
  @Override
  public OptionalInt user(String name) {
    return Posix.system().processes().userId(name);
  }

  @Override
  public OptionalInt group(String name) {
    return Posix.system().processes().groupId(name);
  }
}
