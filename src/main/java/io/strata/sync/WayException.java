package io.strata.sync;

/** A way failed; it is known which of its files is to be struck. */
final class WayException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final SyncException reason;

  WayException(String file, SyncException reason) {
    super(reason);
    this.file = file;
    this.reason = reason;
  }

  /** Its name on the mirror. */
  String file() {
    return file;
  }

  SyncException reason() {
    return reason;
  }
}
