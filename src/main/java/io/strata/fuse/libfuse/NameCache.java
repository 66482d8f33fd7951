package io.strata.fuse.libfuse;

import io.strata.fuse.Entry;
import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * From paths to nodes, remembering up to a limit of names. Thread-safe.
 *
 * <p>Whatever a method gives is pinned and must be given back with {@link #unpin}.
 *
 * <p>Uses are noted from a name up to the root, so the least recently used name has no children
 * remembered, unless one is pinned.
 */
final class NameCache {
  private final FileSystem fileSystem;
  private final int limit;
  private final Held root = new Held(FileSystem.ROOT);

  /**
   * Guards everything below and the fields of {@link Held}; no call to the file system under it.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final LinkedHashMap<Held.Place, Held> names = new LinkedHashMap<>(1024, 0.75f, true);

  /** Dropped and unpinned, with a lookup to be given back as soon as the lock is free. */
  private List<Held> doomed = new ArrayList<>();

  NameCache(FileSystem fileSystem, int limit) {
    this.fileSystem = fileSystem;
    this.limit = limit;
  }

  /** The node of {@code path}. ENOENT where a name is missing, or hidden on the way. */
  Held find(Worker worker, PathNames path) throws ErrnoException {
    return walk(worker, path, path.count());
  }

  /** The node of the directory that holds the last name of {@code path}. */
  Held findDirectory(Worker worker, PathNames path) throws ErrnoException {
    if (path.count() == 0) {
      throw ErrnoException.of(Errno.EBUSY); // the root's own name is not ours to change
    }
    return walk(worker, path, path.count() - 1);
  }

  private Held walk(Worker worker, PathNames path, int depth) throws ErrnoException {
    Held at = pinned(root);
    for (int i = 0; i < depth; i++) {
      Held directory = at;
      try {
        at = child(worker, directory, path.names().get(i));
      } finally {
        unpin(directory);
      }
    }
    return at;
  }

  /** What {@code name} leads to in {@code directory}: remembered, or looked up. */
  Held child(Worker worker, Held directory, byte[] name) throws ErrnoException {
    Held known = remembered(directory, name);
    if (known != null) {
      return known;
    }
    Entry entry = worker.entry();
    fileSystem.lookup(worker, directory.node, name, entry);
    if (entry.node == 0) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return adopt(directory, name, entry.node);
  }

  /** The remembered name, or null. */
  @Nullable Held remembered(Held directory, byte[] name) {
    lock.lock();
    try {
      Held held = names.get(new Held.Place(directory, name));
      if (held != null) {
        held.pins++;
        touchUpwards(directory);
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Remembers a name whose lookup the file system has just counted. */
  Held adopt(Held directory, byte[] name, long node) {
    lock.lock();
    try {
      Held.Place place = new Held.Place(directory, name);
      Held held = names.get(place);
      if (held != null && held.node == node) {
        doomed.add(new Held(node)); // found twice at once: one lookup too many
      } else {
        if (held != null) {
          drop(held);
        }
        held = new Held(node);
        put(held, place);
      }
      held.pins++;
      touchUpwards(directory);
      evict();
      return held;
    } finally {
      lock.unlock();
      forgetDoomed();
    }
  }

  /** Says that the name is gone. */
  void remove(Held directory, byte[] name) {
    lock.lock();
    try {
      Held held = names.get(new Held.Place(directory, name));
      if (held != null) {
        drop(held);
      }
    } finally {
      lock.unlock();
      forgetDoomed();
    }
  }

  /** Says that the name was moved over another, which is gone. */
  void move(Held from, byte[] name, Held to, byte[] newName) {
    lock.lock();
    try {
      Held target = names.get(new Held.Place(to, newName));
      Held held = names.get(new Held.Place(from, name));
      if (held == target && held != null) {
        return;
      }
      if (target != null) {
        drop(target);
      }
      if (held != null) {
        take(held);
        put(held, new Held.Place(to, newName));
        touchUpwards(to);
      }
    } finally {
      lock.unlock();
      forgetDoomed();
    }
  }

  /** Keeps {@code held} under a name that only libfuse knows, until {@link #drop} of that. */
  void hide(Held held, Held directory, byte[] hiddenName) {
    lock.lock();
    try {
      if (!held.dropped) {
        take(held);
      }
      held.hidden = true;
      held.dropped = false;
      put(held, new Held.Place(directory, hiddenName));
    } finally {
      lock.unlock();
    }
  }

  boolean isHidden(Held held) {
    lock.lock();
    try {
      return held.hidden;
    } finally {
      lock.unlock();
    }
  }

  Held pinned(Held held) {
    lock.lock();
    try {
      held.pins++;
      return held;
    } finally {
      lock.unlock();
    }
  }

  void unpin(Held held) {
    lock.lock();
    try {
      held.pins--;
      if (held.pins == 0 && !held.dropped && isLost(held)) {
        drop(held);
      } else if (held.pins == 0 && held.dropped) {
        doomed.add(held);
      }
    } finally {
      lock.unlock();
      forgetDoomed();
    }
  }

  /** Drops every name in {@code directory} that is {@code name}, and all that stand below it. */
  void invalidate(long directory, byte[] name) {
    lock.lock();
    try {
      List<Held> found = new ArrayList<>();
      for (Map.Entry<Held.Place, Held> entry : names.entrySet()) {
        Held.Place place = entry.getKey();
        if (place.directory().node == directory && java.util.Arrays.equals(place.name(), name)) {
          found.add(entry.getValue());
        }
      }
      found.stream().filter(held -> !held.hidden).forEach(this::drop);
    } finally {
      lock.unlock();
      forgetDoomed();
    }
  }

  /** How many names are remembered. */
  int size() {
    lock.lock();
    try {
      return names.size();
    } finally {
      lock.unlock();
    }
  }

  /** Drops everything and gives all lookups back: the mount is gone. */
  void clear() {
    lock.lock();
    try {
      for (Held held : List.copyOf(names.values())) {
        held.pins = 0;
        drop(held);
      }
    } finally {
      lock.unlock();
      forgetDoomed();
    }
  }

  private boolean isLost(Held held) {
    return held.place != null && held.place.directory().dropped;
  }

  private void put(Held held, Held.Place place) {
    held.place = place;
    place.directory().children++;
    names.put(place, held);
  }

  private void take(Held held) {
    Held.Place place = held.place;
    if (place != null) {
      names.remove(place);
      place.directory().children--;
      held.place = null;
    }
  }

  private void drop(Held held) {
    take(held);
    held.dropped = true;
    if (held.pins == 0) {
      doomed.add(held);
    }
  }

  private void touchUpwards(Held directory) {
    Held.Place place = directory.place;
    while (place != null) {
      names.get(place);
      place = place.directory().place;
    }
  }

  private void evict() {
    for (int tries = 0; names.size() > limit && tries < 64; tries++) {
      Map.Entry<Held.Place, Held> eldest = names.firstEntry();
      Held held = eldest.getValue();
      if (held.pins > 0 || held.hidden || held.children > 0) {
        names.get(eldest.getKey());
      } else {
        drop(held);
      }
    }
  }

  private void forgetDoomed() {
    List<Held> taken;
    lock.lock();
    try {
      if (doomed.isEmpty()) {
        return;
      }
      taken = doomed;
      doomed = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    taken.forEach(held -> fileSystem.forget(held.node, 1));
  }
}
