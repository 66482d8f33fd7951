package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A place of the {@link BlockCache}: a block, and who uses it. All fields but the bytes in memory
 * are guarded by the cache's lock; a slot with a pin keeps its block.
 */
final class CacheSlot {
  /** What a slot holds. */
  enum State {
    /** Nothing; it is in a list of free slots. */
    FREE,
    /** One thread is loading the block; others wait. */
    LOADING,
    /** The block. */
    READY,
    /** Loading failed; those who waited learn why. */
    FAILED,
    /** The block went elsewhere; those who waited look again. */
    MOVED
  }

  /** Where the block is, or null for a slot that only stands for a load into foreign memory. */
  final @Nullable NativeBuffer memory;

  final int memoryOffset;

  long position;
  int word;
  int length;
  int pins;

  /** Whether it was loaded ahead, and nobody has wanted it yet. */
  boolean ahead;

  State state = State.FREE;
  @Nullable IOException failure;

  @Nullable CacheSlot hashNext;
  @Nullable CacheSlot newer;
  @Nullable CacheSlot older;

  CacheSlot(@Nullable NativeBuffer memory, int memoryOffset) {
    this.memory = memory;
    this.memoryOffset = memoryOffset;
  }
}
