package io.strata.store;

import java.nio.file.Path;

/** What a repository's {@code -current} link says. */
public sealed interface Current {

  /** There is no link: nothing was synced yet. */
  record None() implements Current {}

  /**
   * The link names an image that is there; whether it is sound, nobody has looked.
   *
   * @param snapshot whose image it is
   * @param image its absolute path
   */
  record Present(Snapshot snapshot, Path image) implements Current {}

  /**
   * The link is of no use.
   *
   * @param reason why, in words that can follow the link's name
   */
  record Broken(String reason) implements Current {}
}
