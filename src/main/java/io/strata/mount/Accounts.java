package io.strata.mount;

import java.util.OptionalInt;

/** Knows users and groups by name. */
interface Accounts {
  /** The id of a user, if there is one of that name. */
  OptionalInt user(String name);

  /** The id of a group, if there is one of that name. */
  OptionalInt group(String name);
}
