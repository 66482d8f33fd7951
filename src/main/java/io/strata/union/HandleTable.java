package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for what is open. Looking one up takes no lock and makes no object.
 *
 * <p>Thread-safe. A number is given again only after it was released.
 */
final class HandleTable<T> {
  private static final int FIRST_SIZE = 256;

  private volatile AtomicReferenceArray<@Nullable T> entries =
      new AtomicReferenceArray<>(FIRST_SIZE);
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int next = 1; // 0 is no handle

  /** A number for {@code opened}. */
  synchronized long add(T opened) {
    Integer number = free.poll();
    int slot = number != null ? number : next++;
    if (slot >= entries.length()) {
      grow();
    }
    entries.set(slot, opened);
    return slot;
  }

  private void grow() {
    AtomicReferenceArray<@Nullable T> old = entries;
    AtomicReferenceArray<@Nullable T> larger = new AtomicReferenceArray<>(old.length() * 2);
    for (int i = 0; i < old.length(); i++) {
      larger.set(i, old.get(i));
    }
    entries = larger;
  }

  /** What has this number; EBADF where nothing has. */
  T get(long handle) throws ErrnoException {
    AtomicReferenceArray<@Nullable T> all = entries;
    T opened = handle > 0 && handle < all.length() ? all.get((int) handle) : null;
    if (opened == null) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return opened;
  }

  /** Takes all numbers back, and gives what had them to {@code action}. */
  synchronized void removeAll(Consumer<T> action) {
    for (int i = 0; i < entries.length(); i++) {
      T opened = remove(i);
      if (opened != null) {
        action.accept(opened);
      }
    }
  }

  /** Takes a number back; gives what had it, or null. */
  synchronized @Nullable T remove(long handle) {
    if (handle <= 0 || handle >= entries.length()) {
      return null;
    }
    T opened = entries.getAndSet((int) handle, null);
    if (opened != null) {
      free.add((int) handle);
    }
    return opened;
  }
}
