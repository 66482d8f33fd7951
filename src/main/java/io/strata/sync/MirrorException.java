package io.strata.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A mirror did not give a file. The message names the address. */
final class MirrorException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What that says about trying again. */
  enum Kind {
    /** The mirror has no such file. */
    MISSING,
    /** The mirror will not give it, whoever asks how often. */
    REFUSED,
    /** It may go better the next time. */
    PASSING,
    /** The file is another one than a moment ago. */
    CHANGED
  }

  private final Kind kind;
  private final Duration later;

  MirrorException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, cause, Duration.ZERO);
  }

  /** A failure after which the mirror wants to be left alone for some time. */
  MirrorException(Kind kind, String message, @Nullable Throwable cause, Duration later) {
    super(message, cause);
    this.kind = kind;
    this.later = later;
  }

  Kind kind() {
    return kind;
  }

  boolean isPassing() {
    return kind == Kind.PASSING || kind == Kind.CHANGED;
  }

  /** What the mirror asks to wait; zero if it does not say. */
  Duration later() {
    return later;
  }

  /** The failure of the sync that this is. */
  SyncException toSync() {
    String message = String.valueOf(getMessage());
    return switch (kind) {
      case MISSING, CHANGED ->
          new SyncException(Failure.MID_UPDATE, message + Failure.UPDATING, this);
      case REFUSED, PASSING -> new SyncException(Failure.DOWNLOAD, message, this);
    };
  }
}
