package io.strata.union;

import java.nio.file.Path;

/**
 * The writable layer of a union.
 *
 * @param upper takes every change; it exists
 * @param work on the same file system as {@code upper}: what Strata needs besides; made if absent.
 *     Two mounts never share one
 * @param base decides whether the upper may lie on the layers below
 * @param features what it is written with
 */
public record UpperLayer(Path upper, Path work, BaseCheck base, UpperFeatures features) {
  /** An upper that may lie on anything. */
  public UpperLayer(Path upper, Path work) {
    this(upper, work, BaseCheck.NONE, UpperFeatures.ALL);
  }
}
