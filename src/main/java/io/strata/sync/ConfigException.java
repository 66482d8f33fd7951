package io.strata.sync;

import org.jspecify.annotations.Nullable;

/** The configuration can't be read or is wrong; the message names file and line. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A fault that no other exception caused. */
  public ConfigException(String message) {
    super(message);
  }

  /** A fault with its cause. */
  public ConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
