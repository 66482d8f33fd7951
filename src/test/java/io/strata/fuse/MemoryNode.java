package io.strata.fuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A node of a {@link MemoryFileSystem}, with everything that any type of it has. */
final class MemoryNode {
  private static final int MAX_FILE = 1 << 28;

  final long id;
  int mode;
  int uid;
  int gid;
  int links;
  long device;
  long accessNanos;
  long modifyNanos;
  long changeNanos;
  long size;
  byte[] data = new byte[0];
  long lookups;
  int openings;
  final Map<String, MemoryNode> children = new HashMap<>();
  final SortedMap<Long, String> listing = new TreeMap<>();
  final SortedMap<String, byte[]> xattrs = new TreeMap<>();
  private final Map<String, Long> positions = new HashMap<>();
  private long nextPosition = 3;

  MemoryNode(long id, int mode) {
    this.id = id;
    this.mode = mode;
    this.links = isDirectory() ? 2 : 1;
  }

  boolean isDirectory() {
    return (mode & Stat.S_IFMT) == Stat.S_IFDIR;
  }

  /** Gives a directory one more entry. */
  void add(String name, MemoryNode child) {
    children.put(name, child);
    long position = nextPosition++;
    positions.put(name, position);
    listing.put(position, name);
    links += child.isDirectory() ? 1 : 0;
    modifyNanos = changeNanos = now();
  }

  /** Takes an entry out of a directory; ENOENT where there is none. */
  void detach(String name) throws ErrnoException {
    MemoryNode child = children.remove(name);
    Long position = positions.remove(name);
    if (child == null || position == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    listing.remove(position);
    links -= child.isDirectory() ? 1 : 0;
  }

  /** An entry of a directory; ENOENT where there is none. */
  MemoryNode child(byte[] name) throws ErrnoException {
    MemoryNode child = children.get(text(name));
    if (child == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return child;
  }

  void resize(long newSize) throws ErrnoException {
    if (newSize > MAX_FILE) {
      throw ErrnoException.of(Errno.EFBIG);
    }
    if (newSize > data.length) {
      data = Arrays.copyOf(data, (int) Math.min(MAX_FILE, newSize + newSize / 2));
    } else if (newSize < size) {
      Arrays.fill(data, (int) newSize, (int) size, (byte) 0);
    }
    size = newSize;
  }

  /** Answers a lookup, which counts. */
  void fill(Entry entry) {
    lookups++;
    entry.node = id;
    entry.lifetime = Attributes.FOREVER;
    fill(entry.attributes);
  }

  void fill(Attributes attributes) {
    attributes.inode = id;
    attributes.mode = mode;
    attributes.uid = uid;
    attributes.gid = gid;
    attributes.linkCount = links;
    attributes.device = device;
    attributes.size = size;
    attributes.blocks = (size + 511) / 512;
    attributes.blockSize = 4096;
    attributes.accessSeconds = Math.floorDiv(accessNanos, 1_000_000_000L);
    attributes.accessNanos = (int) Math.floorMod(accessNanos, 1_000_000_000L);
    attributes.modifySeconds = Math.floorDiv(modifyNanos, 1_000_000_000L);
    attributes.modifyNanos = (int) Math.floorMod(modifyNanos, 1_000_000_000L);
    attributes.changeSeconds = Math.floorDiv(changeNanos, 1_000_000_000L);
    attributes.changeNanos = (int) Math.floorMod(changeNanos, 1_000_000_000L);
    attributes.lifetime = Attributes.FOREVER;
  }

  static long now() {
    return nanos(System.currentTimeMillis() / 1000, 0);
  }

  static long nanos(long seconds, long nanos) {
    return seconds * 1_000_000_000L + nanos;
  }

  static String text(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }
}
