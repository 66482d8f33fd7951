package io.strata.fuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes of a {@link MemoryFileSystem} that a name, the kernel or an opening holds. */
final class MemoryNodes {
  private final Map<Long, MemoryNode> nodes = new HashMap<>();
  private long nextId = FileSystem.ROOT;
  private final MemoryNode root = make(Stat.S_IFDIR | 0755, 0, 0);

  MemoryNode root() {
    return root;
  }

  int count() {
    return nodes.size();
  }

  Collection<MemoryNode> all() {
    return nodes.values();
  }

  /** A node, or null. */
  @Nullable MemoryNode find(long id) {
    return nodes.get(id);
  }

  /** A node; ESTALE where there is none. */
  MemoryNode node(long id) throws ErrnoException {
    MemoryNode node = nodes.get(id);
    if (node == null) {
      throw ErrnoException.of(Errno.ESTALE);
    }
    return node;
  }

  /** A directory; ENOTDIR for anything else. */
  MemoryNode directory(long id) throws ErrnoException {
    MemoryNode node = node(id);
    if (!node.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return node;
  }

  /** Makes a node without a name. */
  MemoryNode make(int mode, int uid, int gid) {
    MemoryNode node = new MemoryNode(nextId++, mode);
    node.uid = uid;
    node.gid = gid;
    node.accessNanos = node.modifyNanos = node.changeNanos = MemoryNode.now();
    nodes.put(node.id, node);
    return node;
  }

  /** Makes a node of the caller's; EEXIST where the name is taken. */
  MemoryNode created(Request request, long parent, byte[] name, int mode) throws ErrnoException {
    MemoryNode directory = directory(parent);
    String key = MemoryNode.text(name);
    if (directory.children.containsKey(key)) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    MemoryNode made = make(mode, request.uid(), request.gid());
    directory.add(key, made);
    return made;
  }

  /** Takes a name away, and the node with its last one. */
  void remove(MemoryNode directory, String name, MemoryNode child) throws ErrnoException {
    directory.detach(name);
    child.links -= child.isDirectory() ? 2 : 1;
    dropIfUnused(child);
  }

  void dropIfUnused(MemoryNode node) {
    if (node != root && node.links <= 0 && node.lookups <= 0 && node.openings <= 0) {
      nodes.remove(node.id);
    }
  }
}
