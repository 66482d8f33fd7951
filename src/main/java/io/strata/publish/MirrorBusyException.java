package io.strata.publish;

/** Somebody else publishes into the mirror directory at this moment. */
public final class MirrorBusyException extends PublishException {
  private static final long serialVersionUID = 1L;

  /** Says which directory. */
  public MirrorBusyException(String message) {
    super(message);
  }
}
