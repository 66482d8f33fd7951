package io.strata.union;

import io.strata.posix.Posix;
import java.util.LinkedHashSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open descriptors of backing directories: as many as fit a limit, the ones used last.
 *
 * <p>A descriptor for each directory would be fastest, but a tree may have more directories than
 * the system allows descriptors. Reopening one walks up to the nearest ancestor that is open, so it
 * costs a call or two, and neither a joined path nor PATH_MAX come into it.
 *
 * <p>Locking: a descriptor may be used while its user holds the union's name lock, shared or not;
 * {@link #trim} and {@link #close} need it exclusively. The list of slots has a lock of its own,
 * under which no other is taken.
 */
final class Descriptors {
  private final Posix posix;
  private final int limit;
  private final AtomicLong ticks = new AtomicLong();
  private final LinkedHashSet<DescriptorSlot> open = new LinkedHashSet<>();
  private volatile int count;

  /** Keeps about {@code limit} descriptors, at least 16. */
  Descriptors(Posix posix, int limit) {
    this.posix = posix;
    this.limit = Math.max(limit, 16);
  }

  /** The slot's descriptor, or -1 where it has none. */
  int get(DescriptorSlot slot) {
    int descriptor = slot.descriptor;
    if (descriptor >= 0) {
      slot.used = ticks.getPlain();
    }
    return descriptor;
  }

  /** Gives a slot its descriptor; where another thread was faster, theirs, and ours is closed. */
  int install(DescriptorSlot slot, int descriptor) {
    synchronized (open) {
      if (slot.descriptor >= 0) {
        posix.files().close(descriptor);
        return slot.descriptor;
      }
      slot.descriptor = descriptor;
      slot.used = ticks.incrementAndGet();
      open.add(slot);
      count = open.size();
      return descriptor;
    }
  }

  /** Whether it is time for {@link #trim}. */
  boolean full() {
    return count > limit;
  }

  /** Closes those not used for longest, until three quarters of the limit remain. */
  void trim() {
    synchronized (open) {
      int passes = open.size();
      long oldest = ticks.get() - limit / 2;
      while (open.size() > limit * 3L / 4 && passes-- > 0) {
        DescriptorSlot slot = open.removeFirst();
        if (slot.used > oldest) {
          open.add(slot);
        } else {
          close(slot);
        }
      }
      while (open.size() > limit) {
        close(open.removeFirst());
      }
      count = open.size();
    }
  }

  /** Closes one slot's descriptor, if it has one: the directory is gone. */
  void close(DescriptorSlot slot) {
    synchronized (open) {
      if (slot.descriptor >= 0) {
        posix.files().close(slot.descriptor);
        slot.descriptor = -1;
        open.remove(slot);
        count = open.size();
      }
    }
  }

  /** Closes all. */
  void closeAll() {
    synchronized (open) {
      open.forEach(
          slot -> {
            posix.files().close(slot.descriptor);
            slot.descriptor = -1;
          });
      open.clear();
      count = 0;
    }
  }
}
