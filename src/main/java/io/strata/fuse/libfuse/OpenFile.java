package io.strata.fuse.libfuse;

/**
 * An opening of a file or directory. It keeps its node pinned.
 *
 * @param held the node
 * @param handle the file system's own number for it
 * @param flags what it was opened with
 */
record OpenFile(Held held, long handle, int flags) {}
