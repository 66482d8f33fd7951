package io.strata.union;

/** Where a directory keeps its open descriptor, if it has one just now; see {@link Descriptors}. */
final class DescriptorSlot {
  /** An O_PATH descriptor, or -1. Changed only by {@link Descriptors}. */
  volatile int descriptor = -1;

  /** When it was last used, in ticks of {@link Descriptors}. */
  volatile long used;
}
