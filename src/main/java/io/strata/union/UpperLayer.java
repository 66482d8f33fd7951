package io.strata.union;

import java.nio.file.Path;

/**
 * The writable layer of a union.
 *
 * @param upper takes every change; it exists
 * @param work on the same file system as {@code upper}: what Strata needs besides; made if absent.
 *     Two mounts never share one
 */
public record UpperLayer(Path upper, Path work) {}
