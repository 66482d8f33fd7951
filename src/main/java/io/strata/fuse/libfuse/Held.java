package io.strata.fuse.libfuse;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A remembered name and the node that it leads to, of which it holds one lookup. All fields but
 * {@link #node} are guarded by the lock of the {@link NameCache}.
 */
final class Held {
  /** Where a name is found: the directory by identity, so that a renamed one takes its children. */
  record Place(Held directory, byte[] name) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place place
          && place.directory == directory
          && Arrays.equals(place.name, name);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(directory) * 31 + Arrays.hashCode(name);
    }
  }

  final long node;

  /** Where it is remembered; null for the root, and once it was dropped. */
  @Nullable Place place;

  /** How many names below it are remembered. */
  int children;

  /** How many operations and openings use it now; it is not forgotten before they end. */
  int pins;

  /** Removed while open: reachable for libfuse under its own name, not there for anybody else. */
  boolean hidden;

  /** No longer remembered; forgotten with the last pin. */
  boolean dropped;

  Held(long node) {
    this.node = node;
  }
}
