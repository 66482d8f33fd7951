package io.strata.fuse;

import io.strata.posix.Stat;
import java.util.concurrent.TimeUnit;

/**
 * The tree of a file system in memory: what a test puts into it, and what it can ask about it. The
 * object's own lock guards all of it.
 */
public abstract class MemoryTree {
  final MemoryNodes nodes = new MemoryNodes();
  final MemoryNode root = nodes.root();

  /** Makes a directory and those above it. */
  public synchronized void directory(String path) {
    walk(path);
  }

  private MemoryNode walk(String path) {
    MemoryNode at = root;
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        MemoryNode child = at.children.get(name);
        if (child == null) {
          child = nodes.make(Stat.S_IFDIR | 0755, 0, 0);
          at.add(name, child);
        }
        at = child;
      }
    }
    return at;
  }

  /** Makes a file. */
  public synchronized void file(String path, byte[] content) {
    int slash = path.lastIndexOf('/');
    MemoryNode file = nodes.make(Stat.S_IFREG | 0644, 0, 0);
    file.data = content;
    file.size = content.length;
    walk(path.substring(0, Math.max(slash, 0))).add(path.substring(slash + 1), file);
  }

  /** How many nodes there are that a name, the kernel or an opening holds. */
  public synchronized int nodeCount() {
    return nodes.count();
  }

  /**
   * Waits until the root alone is left: the kernel forgets a node, and closes an opening, some time
   * after the program that held it.
   *
   * @throws AssertionError if something is still held after 20 seconds
   */
  public void awaitOnlyRoot() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (nodeCount() > 1) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(nodeCount() + " nodes are held, lookups: " + lookups());
      }
      Thread.sleep(10);
    }
  }

  /** How many lookups the kernel has not given back, the root's aside. */
  public synchronized long lookups() {
    return nodes.all().stream().filter(n -> n != root).mapToLong(n -> n.lookups).sum();
  }

  /** How many openings are not released. */
  public synchronized long openings() {
    return nodes.all().stream().mapToLong(n -> n.openings).sum();
  }
}
