package io.strata.union;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A map from numbers but 0 to objects, without boxing: open addressing. Not synchronized. */
final class LongMap<V> {
  private static final int SMALLEST = 64;

  private long[] keys = new long[SMALLEST];
  private @Nullable Object[] values = new Object[SMALLEST];
  private int size;

  @SuppressWarnings("unchecked") // only put() stores
  @Nullable V get(long key) {
    return (V) values[find(key)];
  }

  void put(long key, V value) {
    if (key == 0) {
      throw new IllegalArgumentException("0 is no key");
    }
    if (size * 2 >= keys.length) {
      resize(keys.length * 2);
    }
    int at = find(key);
    if (keys[at] == 0) {
      keys[at] = key;
      size++;
    }
    values[at] = value;
  }

  void remove(long key) {
    int hole = find(key);
    if (key == 0 || keys[hole] == 0) {
      return;
    }
    size--;
    int mask = keys.length - 1;
    int at = hole;
    while (true) {
      at = (at + 1) & mask;
      if (keys[at] == 0) {
        break;
      }
      int home = home(keys[at]);
      if (((at - home) & mask) >= ((at - hole) & mask)) { // may move back into the hole
        keys[hole] = keys[at];
        values[hole] = values[at];
        hole = at;
      }
    }
    keys[hole] = 0;
    values[hole] = null;
    if (keys.length > SMALLEST && size * 8 < keys.length) {
      resize(keys.length / 2);
    }
  }

  /** Gives every value to {@code action}, which must not change this. */
  void forEach(Consumer<V> action) {
    for (long key : keys) {
      V value = get(key);
      if (value != null) {
        action.accept(value);
      }
    }
  }

  int size() {
    return size;
  }

  private int home(long key) {
    return (int) (key * 0x9e3779b97f4a7c15L >>> 32) & (keys.length - 1);
  }

  private int find(long key) {
    int at = home(key);
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }

  private void resize(int capacity) {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[capacity];
    values = new Object[capacity];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
