package io.strata.mount;

import org.jspecify.annotations.Nullable;

/**
 * A mount can't be made, found, switched or ended. The message is one line that names the thing and
 * the way out.
 */
public final class MountException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is, for whoever has to react to it. */
  public enum Kind {
    /** What was asked for makes no sense; nothing was tried. */
    USAGE,
    /** The image is damaged, truncated, or none. */
    IMAGE,
    /** The mount can't be made, found or ended. */
    MOUNT,
    /** Somebody uses the mount, the mount point or the upper layer. */
    BUSY,
    /** A local file or directory can't be used. */
    FILE,
    /** A disk is full. */
    NO_SPACE,
    /** A fault of the program itself. */
    INTERNAL
  }

  private final Kind kind;

  public MountException(Kind kind, String message) {
    this(kind, message, null);
  }

  public MountException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
