package io.strata.squashfs;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The directories whose index was compared with their listing, and agrees with it: some of them;
 * one that is not here is to be compared once more. Thread-safe, without locks.
 */
final class SoundIndexes {
  private static final int PLACES = 1 << 13;

  // A reference and one more, so that 0 is none.
  private final AtomicLongArray references = new AtomicLongArray(PLACES);

  boolean contains(DirectoryInode directory) {
    return references.get(place(directory)) == directory.reference() + 1;
  }

  void add(DirectoryInode directory) {
    references.set(place(directory), directory.reference() + 1);
  }

  private static int place(DirectoryInode directory) {
    return (int) ((directory.reference() * 0x9e3779b97f4a7c15L) >>> 32) & PLACES - 1;
  }
}
