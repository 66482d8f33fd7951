package io.strata.union;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether an upper may lie on the layers of a mount. What it lies on is recorded in the
 * upper itself, in an attribute that is nobody else's business.
 */
public interface BaseCheck {
  /** Takes any layers, and records nothing. */
  BaseCheck NONE = recorded -> recorded == null ? new byte[0] : recorded;

  /**
   * Checks.
   *
   * @param recorded what was recorded when the upper was used last; null where nothing was
   * @return what is to be recorded from now on, at most 1000 bytes; nothing is when it is empty
   * @throws UnionException if the upper belongs to other layers, with the way out
   */
  byte[] check(byte @Nullable [] recorded) throws UnionException;
}
