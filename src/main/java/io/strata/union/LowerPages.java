package io.strata.union;

import io.strata.fuse.Connection;
import io.strata.fuse.Request;
import io.strata.posix.NativeBuffer;
import io.strata.squashfs.FileInode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives the kernel data of the lower images before it asks, as {@link PageStore} does for one image
 * alone. Never of a file whose data is in the upper: its node is held back from being copied up
 * while something is stored. Thread-safe.
 */
final class LowerPages {
  private final Tree tree;
  private final Map<ImageReading, PageStore> stores = new ConcurrentHashMap<>();
  private volatile @Nullable Connection connection; // null before start

  LowerPages(Tree tree) {
    this.tree = tree;
  }

  void start(Connection agreed) {
    connection = agreed;
  }

  /** The request has read {@code size} bytes from below. Called without the name lock. */
  void read(Request request, LowerReader reader, long offset, int size) {
    if (size > 0 && reader instanceof ImageLower.Reader opened) {
      PageStore store = storeOf(opened.lower());
      if (store != null) {
        store.read(request, opened.file(), offset, size);
      }
    }
  }

  /** The request is for the end of this directory. Called without the name lock. */
  void listed(Request request, Node directory) {
    if (!directory.lowers.isEmpty() && directory.lower() instanceof ImageLower lower) {
      PageStore store = storeOf(lower);
      if (store != null) {
        store.listed(request, lower.reference());
      }
    }
  }

  private @Nullable PageStore storeOf(ImageLower lower) {
    Connection agreed = connection;
    return agreed == null
        ? null
        : stores.computeIfAbsent(
            lower.reading(),
            reading ->
                new PageStore(
                    reading.image(),
                    (file, offset, buffer, from, length) ->
                        store(agreed, lower.ids(), file, offset, buffer, from, length)));
  }

  private boolean store(
      Connection agreed,
      LayerIds ids,
      FileInode file,
      long offset,
      NativeBuffer buffer,
      int from,
      int length) {
    Node node = tree.nodes.byId(LayerIds.nodeOf(ids.inode(file.inodeNumber())));
    if (node == null || node.inUpper || !isOf(node, file)) {
      return false;
    }
    synchronized (node.copyUp) {
      return !node.inUpper && agreed.store(node.id, offset, buffer, from, length);
    }
  }

  private static boolean isOf(Node node, FileInode file) {
    return node.lower() instanceof ImageLower lower && lower.reference() == file.reference();
  }
}
