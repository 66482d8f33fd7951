package io.strata.fuse.libfuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Counters;
import io.strata.fuse.Features;
import io.strata.fuse.MemoryFileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The name cache")
class NameCacheTest {
  private final MemoryFileSystem tree =
      new MemoryFileSystem(new Features(false, false, false, false, false));
  private final Worker worker =
      new Worker(new Structures(Runtime.getSystemRuntime()), new Counters(false), () -> {});

  private static PathNames path(String text) {
    return PathNames.of(text.getBytes(UTF_8));
  }

  private static byte[] name(String text) {
    return text.getBytes(UTF_8);
  }

  private long node(NameCache cache, String text) throws ErrnoException {
    Held held = cache.find(worker, path(text));
    cache.unpin(held);
    return held.node;
  }

  @Test
  @DisplayName("looks each name up once and holds one lookup for it")
  void holdsOneLookup() throws Exception {
    tree.file("a/b/c", new byte[0]);
    NameCache cache = new NameCache(tree, 100);
    long node = node(cache, "/a/b/c");
    assertEquals(node, node(cache, "/a/b/c"));
    assertEquals(3, tree.lookups());
    assertEquals(3, cache.size());
    cache.clear();
    assertEquals(0, tree.lookups());
  }

  @Test
  @DisplayName("forgets the least recently used names beyond its limit, never one in use")
  void evicts() throws Exception {
    for (int i = 0; i < 100; i++) {
      tree.file("d/" + i, new byte[0]);
    }
    NameCache cache = new NameCache(tree, 10);
    Held used = cache.find(worker, path("/d/0"));
    for (int i = 1; i < 100; i++) {
      long ignored = node(cache, "/d/" + i);
      assertNotEquals(0, ignored);
    }
    assertEquals(10, cache.size());
    assertEquals(10, tree.lookups());
    assertFalse(used.dropped);
    cache.unpin(used);
  }

  @Test
  @DisplayName("takes what stands below a directory along when that is renamed")
  void moves() throws Exception {
    tree.file("a/b/c", new byte[0]);
    NameCache cache = new NameCache(tree, 100);
    long node = node(cache, "/a/b/c");
    Held root = cache.find(worker, path("/"));
    cache.move(root, name("a"), root, name("z"));
    assertEquals(node, node(cache, "/z/b/c"));
    assertEquals(3, tree.lookups(), "without asking again");
    cache.unpin(root);
  }

  @Test
  @DisplayName("keeps a removed node as long as somebody uses it")
  void keepsRemoved() throws Exception {
    tree.file("a", new byte[0]);
    NameCache cache = new NameCache(tree, 100);
    Held held = cache.find(worker, path("/a"));
    Held root = cache.find(worker, path("/"));
    cache.remove(root, name("a"));
    assertEquals(0, cache.size());
    assertEquals(1, tree.lookups());
    cache.unpin(held);
    assertEquals(0, tree.lookups());
  }

  @Test
  @DisplayName("gives a hidden node back when the directory that held it is gone")
  void losesHidden() throws Exception {
    tree.file("d/a", new byte[0]);
    NameCache cache = new NameCache(tree, 100);
    Held open = cache.find(worker, path("/d/a"));
    Held directory = cache.find(worker, path("/d"));
    Held root = cache.find(worker, path("/"));
    cache.hide(open, directory, name(".fuse_hidden0000000100000001"));
    assertTrue(cache.isHidden(open));
    assertEquals(open.node, node(cache, "/d/.fuse_hidden0000000100000001"));
    cache.remove(root, name("d"));
    cache.unpin(directory);
    cache.unpin(open);
    assertEquals(0, tree.lookups());
  }

  @Test
  @DisplayName("drops a name that the file system says is no longer right")
  void invalidates() throws Exception {
    tree.file("a", new byte[0]);
    NameCache cache = new NameCache(tree, 100);
    assertNotEquals(0, node(cache, "/a"));
    cache.invalidate(1, name("a"));
    assertEquals(0, tree.lookups());
    assertNotEquals(0, node(cache, "/a"));
  }

  @Test
  @DisplayName("fails with ENOENT for what is not there")
  void absent() {
    NameCache cache = new NameCache(tree, 100);
    ErrnoException e = assertThrows(ErrnoException.class, () -> node(cache, "/a/b"));
    assertEquals(Errno.ENOENT, e.errno());
    assertEquals(0, cache.size());
  }
}
