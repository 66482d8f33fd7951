package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import io.strata.squashfs.CacheSlot.State;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed data blocks and fragments, off-heap, bounded in bytes.
 *
 * <p>Each block is decompressed once however many threads want it at a time: one loads, the others
 * wait. A block that is being copied is pinned and not evicted. Thread-safe; one lock, never held
 * while a block is read, decompressed or copied to a reader.
 */
final class BlockCache {
  /** What {@link #copy} gives when another thread is loading the block. */
  static final int BUSY = -1;

  private static final int MIN_SLOTS = 4;

  private final BlockLoader loader;
  private final int blockSize;
  private final Object lock = new Object();
  private final SlotTable table; // guarded by lock
  private final SlotMemory memory; // guarded by lock
  private final ArrayDeque<CacheSlot> transits = new ArrayDeque<>(); // guarded by lock
  private long hits; // guarded by lock
  private long misses; // guarded by lock
  private long waits; // guarded by lock
  private long prefetches; // guarded by lock
  private long prefetchesUsed; // guarded by lock
  private long prefetchesLost; // guarded by lock

  BlockCache(BlockLoader loader, long budget) {
    this.loader = loader;
    this.blockSize = loader.blockSize();
    int slots = Math.clamp(budget / blockSize, MIN_SLOTS, 1 << 24);
    this.table = new SlotTable(slots);
    this.memory = new SlotMemory(blockSize, slots);
  }

  /** The bytes that it may hold. */
  long capacity() {
    return (long) memory.capacity() * blockSize;
  }

  /** What it did so far. */
  BlockStatistics statistics() {
    synchronized (lock) {
      return new BlockStatistics(
          hits, misses, waits, loader.loads(), prefetches, prefetchesUsed, prefetchesLost);
    }
  }

  /**
   * Copies {@code length} bytes from {@code from} on of a block.
   *
   * <p>A block that is wanted whole and that is not here goes straight into the target, without a
   * place in the cache unless another thread asks for it meanwhile.
   *
   * @param expected how many bytes the block must have; or -1 if at least {@code from + length}
   * @param wait whether to wait while another thread loads the block; else the answer is {@link
   *     #BUSY} then
   * @return {@code length}, or {@link #BUSY}
   */
  int copy(
      long position,
      int word,
      int expected,
      int from,
      int length,
      NativeBuffer target,
      int targetOffset,
      boolean wait)
      throws IOException {
    boolean whole = from == 0 && length == expected;
    CacheSlot slot = acquire(position, word, whole, wait);
    if (slot == null) {
      return BUSY;
    }
    if (slot.memory == null) {
      return transit(slot, target, targetOffset, length);
    }
    try {
      checkLength(slot, expected, from + length);
      target.bytes().put(targetOffset, slot.memory.bytes(), slot.memoryOffset + from, length);
      return length;
    } finally {
      release(slot, whole);
    }
  }

  private void checkLength(CacheSlot slot, int expected, int needed) throws IOException {
    if (expected >= 0 ? slot.length != expected : slot.length < needed) {
      int wanted = Math.max(expected, needed);
      throw loader.corrupt(slot.position, shortBlock(slot.length, wanted));
    }
  }

  private static String shortBlock(int length, int wanted) {
    return "it has " + length + " bytes where " + wanted + " are needed";
  }

  /** Loads a block that nobody waits for, unless it is here already or no slot is to be had. */
  void prefetch(long position, int word) throws IOException {
    CacheSlot slot;
    synchronized (lock) {
      slot = table.find(position, word) == null ? claim() : null;
      if (slot == null) {
        return;
      }
      begin(slot, position, word);
      slot.ahead = true;
      prefetches++;
    }
    fill(slot);
    release(slot, false);
  }

  /** Whether the block is here or on its way. */
  boolean contains(long position, int word) {
    synchronized (lock) {
      return table.find(position, word) != null;
    }
  }

  /**
   * Pins the block.
   *
   * @param whole whether to give a slot without memory, in state LOADING, for a block that is not
   *     here: the caller loads it
   * @return null if it is on its way and {@code wait} is false
   */
  private @Nullable CacheSlot acquire(long position, int word, boolean whole, boolean wait)
      throws IOException {
    CacheSlot fresh;
    synchronized (lock) {
      while (true) {
        CacheSlot found = table.find(position, word);
        if (found != null) {
          if (found.state == State.LOADING && !wait) {
            return null;
          }
          hits++;
          use(found);
          if (awaitReady(found)) {
            return found;
          }
          continue;
        }
        fresh = whole ? takeTransit() : claim();
        if (fresh != null) {
          misses++;
          begin(fresh, position, word);
          break;
        }
        await();
      }
    }
    if (!whole) {
      fill(fresh);
    }
    return fresh;
  }

  private void use(CacheSlot slot) {
    if (slot.ahead) {
      slot.ahead = false;
      prefetchesUsed++;
    }
  }

  /** Pins {@code slot} once it is ready; false if the block went elsewhere. */
  private boolean awaitReady(CacheSlot slot) throws IOException {
    if (slot.pins++ == 0) {
      memory.unlink(slot);
    }
    if (slot.state == State.LOADING) {
      waits++;
    }
    while (slot.state == State.LOADING) {
      await();
    }
    if (slot.state == State.READY) {
      return true;
    }
    IOException failure = slot.failure;
    unpin(slot);
    if (failure != null) {
      throw failure;
    }
    return false;
  }

  /** Waits for a change of any slot; callers look again for what they want. */
  @SuppressWarnings("WaitNotInLoop") // the loops are the callers'
  private void await() {
    boolean interrupted = Thread.interrupted(); // which would end every wait at once
    try {
      lock.wait();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(CacheSlot slot, long position, int word) {
    slot.position = position;
    slot.word = word;
    slot.pins = 1;
    slot.ahead = false;
    slot.state = State.LOADING;
    slot.failure = null;
    table.add(slot);
  }

  /** Loads the block of a slot that has just begun; the pin remains, unless it fails. */
  private void fill(CacheSlot slot) throws IOException {
    IOException failure = new IOException("loading was cut short");
    int length = 0;
    try {
      NativeBuffer place = Objects.requireNonNull(slot.memory);
      length = loader.load(slot.position, slot.word, place, slot.memoryOffset, blockSize);
      failure = null;
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      finish(slot, length, failure);
    }
  }

  private void finish(CacheSlot slot, int length, @Nullable IOException failure) {
    synchronized (lock) {
      slot.length = length;
      slot.failure = failure;
      slot.state = failure == null ? State.READY : State.FAILED;
      if (failure != null) {
        table.remove(slot);
        unpin(slot);
      }
      lock.notifyAll();
    }
  }

  /** Loads the block of a slot without memory into the target. */
  private int transit(CacheSlot slot, NativeBuffer target, int targetOffset, int expected)
      throws IOException {
    IOException failure = new IOException("loading was cut short");
    try {
      int length = loader.load(slot.position, slot.word, target, targetOffset, expected);
      if (length != expected) {
        throw loader.corrupt(slot.position, shortBlock(length, expected));
      }
      failure = null;
      return length;
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      endTransit(slot, target, targetOffset, expected, failure);
    }
  }

  private void endTransit(
      CacheSlot slot,
      NativeBuffer target,
      int targetOffset,
      int length,
      @Nullable IOException failure) {
    synchronized (lock) {
      table.remove(slot);
      slot.failure = failure;
      slot.state = failure == null ? State.MOVED : State.FAILED;
      if (failure == null && slot.pins > 1) {
        keep(slot, target, targetOffset, length);
      }
      unpin(slot);
      lock.notifyAll();
    }
  }

  /** Puts a copy of a block in transit into the cache, for those who wait for it. */
  private void keep(CacheSlot transit, NativeBuffer source, int sourceOffset, int length) {
    CacheSlot slot = claim();
    if (slot == null || slot.memory == null) {
      return;
    }
    slot.memory.bytes().put(slot.memoryOffset, source.bytes(), sourceOffset, length);
    begin(slot, transit.position, transit.word);
    slot.length = length;
    slot.state = State.READY;
    unpin(slot);
  }

  /** Takes back a pin; a block that was copied whole is the first to go: its reader has it all. */
  private void release(CacheSlot slot, boolean whole) {
    synchronized (lock) {
      unpin(slot);
      if (whole && slot.pins == 0) {
        memory.makeOldest(slot);
      }
      lock.notifyAll();
    }
  }

  private void unpin(CacheSlot slot) {
    if (--slot.pins > 0) {
      return;
    }
    if (slot.state == State.READY) {
      memory.addNewest(slot);
      return;
    }
    slot.state = State.FREE;
    slot.failure = null;
    if (slot.memory == null) {
      transits.push(slot);
    } else {
      memory.addFree(slot);
    }
  }

  private CacheSlot takeTransit() {
    CacheSlot slot = transits.poll();
    return slot == null ? new CacheSlot(null, 0) : slot;
  }

  private @Nullable CacheSlot claim() {
    CacheSlot slot = memory.takeFree();
    if (slot == null) {
      slot = memory.takeOldest();
      if (slot != null) {
        table.remove(slot);
        prefetchesLost += slot.ahead ? 1 : 0;
      }
    }
    return slot;
  }
}
