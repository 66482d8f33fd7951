package io.strata.sync;

/** What becomes of an index that is older than the one accepted last. */
public enum OlderIndex {
  /** It is refused: somebody may want to keep this machine on old software. */
  REFUSED,
  /** It is accepted with a warning, as is one of any age: the user means to go back. */
  ALLOWED
}
