package io.strata.sync;

/** The classes of what can go wrong in a sync, as a script wants to tell them apart. */
public enum Failure {
  /** The configuration is wrong, or names no such repository. */
  CONFIGURATION,
  /** The index is malformed or contradicts itself. */
  INDEX,
  /** The index is not signed by whom it should be, or is older than one accepted before. */
  SIGNATURE,
  /** The mirror can't be reached, lacks a file, or sends another one. */
  DOWNLOAD,
  /** A delta can't be applied. */
  DELTA,
  /** The image cache can't be read or changed. */
  STORE,
  /** The image cache has no space left. */
  NO_SPACE,
  /** An image here is damaged. */
  IMAGE,
  /** The snapshot that is asked for is not here. */
  NO_SNAPSHOT,
  /** Another process has the repository. */
  BUSY;

  /** Whether another mirror may do better. */
  boolean isTheMirrors() {
    return this == INDEX || this == SIGNATURE || this == DOWNLOAD || this == DELTA;
  }
}
