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
  /** The mirror's index and files do not belong together just now. */
  MID_UPDATE,
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

  /** What to tell of a mirror whose index lists what is not there, or other than it is. */
  static final String UPDATING =
      "; the mirror's index lists it, so the mirror is being updated just now, or is broken: try"
          + " again in some minutes, or use another mirror";

  /** Whether another mirror may do better. */
  boolean isTheMirrors() {
    return switch (this) {
      case INDEX, SIGNATURE, DOWNLOAD, MID_UPDATE, DELTA -> true;
      case CONFIGURATION, STORE, NO_SPACE, IMAGE, NO_SNAPSHOT, BUSY -> false;
    };
  }
}
