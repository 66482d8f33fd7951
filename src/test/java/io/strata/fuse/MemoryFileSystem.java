package io.strata.fuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A writable file system in memory, to try transports with. One lock guards all of it. */
public class MemoryFileSystem implements FileSystem {
  private static final int MAX_FILE = 1 << 28;
  private static final int RENAME_NOREPLACE = 1;

  /** A node with everything that any type of it has. */
  private static final class Node {
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
    final Map<String, Node> children = new HashMap<>();
    final Map<String, Long> positions = new HashMap<>();
    final SortedMap<Long, String> listing = new TreeMap<>();
    long nextPosition = 3;
    final SortedMap<String, byte[]> xattrs = new TreeMap<>();

    Node(long id, int mode) {
      this.id = id;
      this.mode = mode;
      this.links = isDirectory() ? 2 : 1;
    }

    final boolean isDirectory() {
      return (mode & Stat.S_IFMT) == Stat.S_IFDIR;
    }
  }

  private final Features features;
  private final Map<Long, Node> nodes = new HashMap<>();
  private final Node root;
  private long nextId = ROOT;
  private @Nullable Connection connection;

  /** How often {@link #stop} was called. */
  public final AtomicInteger stops = new AtomicInteger();

  /** Counted down twice, when a lookup of a name that begins with {@code slow} begins. */
  public final CountDownLatch slowBegan = new CountDownLatch(2);

  /** Counted down twice, when such a lookup ended, because it was interrupted. */
  public final CountDownLatch slowInterrupted = new CountDownLatch(2);

  /** Ends slow lookups. */
  public final CountDownLatch slowRelease = new CountDownLatch(1);

  public MemoryFileSystem(Features features) {
    this.features = features;
    this.root = make(Stat.S_IFDIR | 0755, 0, 0);
  }

  // ---- filling it before it is mounted

  /** Makes a directory and those above it. */
  public synchronized void directory(String path) {
    walk(path);
  }

  private Node walk(String path) {
    Node at = root;
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        Node child = at.children.get(name);
        if (child == null) {
          child = make(Stat.S_IFDIR | 0755, 0, 0);
          add(at, name, child);
        }
        at = child;
      }
    }
    return at;
  }

  /** Makes a file. */
  public synchronized void file(String path, byte[] content) {
    int slash = path.lastIndexOf('/');
    Node file = make(Stat.S_IFREG | 0644, 0, 0);
    file.data = content;
    file.size = content.length;
    add(walk(path.substring(0, Math.max(slash, 0))), path.substring(slash + 1), file);
  }

  /** How many nodes there are that a name, the kernel or an opening holds. */
  public synchronized int nodeCount() {
    return nodes.size();
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
    return nodes.values().stream().filter(n -> n != root).mapToLong(n -> n.lookups).sum();
  }

  /** How many openings are not released. */
  public synchronized long openings() {
    return nodes.values().stream().mapToLong(n -> n.openings).sum();
  }

  public synchronized Connection connection() {
    Connection here = connection;
    if (here == null) {
      throw new IllegalStateException("not started");
    }
    return here;
  }

  // ---- FileSystem

  @Override
  public Features features() {
    return features;
  }

  @Override
  public synchronized void start(Connection agreed) {
    connection = agreed;
  }

  @Override
  public void stop() {
    stops.incrementAndGet();
  }

  @Override
  public void lookup(Request request, long parent, byte[] name, Entry entry) throws ErrnoException {
    String key = text(name);
    if (key.startsWith("slow")) {
      takeLong(request);
    }
    synchronized (this) {
      find(parent, key, entry);
    }
  }

  private void takeLong(Request request) throws ErrnoException {
    request.blocking();
    slowBegan.countDown();
    try {
      while (!slowRelease.await(1, java.util.concurrent.TimeUnit.MILLISECONDS)) {
        if (request.interrupted()) {
          slowInterrupted.countDown();
          throw ErrnoException.of(Errno.EINTR);
        }
      }
    } catch (InterruptedException e) {
      throw ErrnoException.of(Errno.EIO);
    }
  }

  private void find(long parent, String key, Entry entry) throws ErrnoException {
    if (key.equals("broken")) {
      throw new IllegalStateException("a failure inside the file system");
    }
    if (key.equals("exhausted")) {
      throw new OutOfMemoryError("as if");
    }
    if (key.equals("bottomless")) {
      throw new StackOverflowError("as if");
    }
    Node child = directory(parent).children.get(key);
    if (child == null) {
      entry.lifetime = Attributes.FOREVER;
      return;
    }
    fill(child, entry);
  }

  @Override
  public synchronized void forget(long node, long count) {
    Node known = nodes.get(node);
    if (known != null) {
      known.lookups -= count;
      dropIfUnused(known);
    }
  }

  @Override
  public synchronized void getAttributes(
      Request request, long node, boolean hasHandle, long handle, Attributes attributes)
      throws ErrnoException {
    fill(node(node), attributes);
  }

  @Override
  public synchronized void setAttributes(
      Request request, long node, AttributeChange change, Attributes attributes)
      throws ErrnoException {
    Node known = node(node);
    long now = now();
    if (change.has(AttributeChange.FATTR_MODE)) {
      known.mode = known.mode & Stat.S_IFMT | change.mode & 07777;
    }
    if (change.has(AttributeChange.FATTR_UID)) {
      known.uid = change.uid;
    }
    if (change.has(AttributeChange.FATTR_GID)) {
      known.gid = change.gid;
    }
    if (change.has(AttributeChange.FATTR_SIZE)) {
      resize(known, change.size);
      known.modifyNanos = now;
    }
    if (change.has(AttributeChange.FATTR_ATIME)) {
      boolean set = !change.has(AttributeChange.FATTR_ATIME_NOW);
      known.accessNanos = set ? nanos(change.accessSeconds, change.accessNanos) : now;
    }
    if (change.has(AttributeChange.FATTR_MTIME)) {
      boolean set = !change.has(AttributeChange.FATTR_MTIME_NOW);
      known.modifyNanos = set ? nanos(change.modifySeconds, change.modifyNanos) : now;
    }
    known.changeNanos = now;
    fill(known, attributes);
  }

  @Override
  public synchronized byte[] readLink(Request request, long node) throws ErrnoException {
    return node(node).data;
  }

  @Override
  public synchronized void symlink(
      Request request, long parent, byte[] name, byte[] target, Entry entry) throws ErrnoException {
    Node link = created(request, parent, name, Stat.S_IFLNK | 0777);
    link.data = target;
    link.size = target.length;
    fill(link, entry);
  }

  @Override
  public synchronized void makeNode(
      Request request, long parent, byte[] name, int mode, int umask, long device, Entry entry)
      throws ErrnoException {
    Node made = created(request, parent, name, mode);
    made.device = device;
    fill(made, entry);
  }

  @Override
  public synchronized void makeDirectory(
      Request request, long parent, byte[] name, int mode, int umask, Entry entry)
      throws ErrnoException {
    fill(created(request, parent, name, mode & 07777 | Stat.S_IFDIR), entry);
  }

  @Override
  public synchronized void unlink(Request request, long parent, byte[] name) throws ErrnoException {
    Node directory = directory(parent);
    remove(directory, text(name), child(directory, name));
  }

  @Override
  public synchronized void removeDirectory(Request request, long parent, byte[] name)
      throws ErrnoException {
    Node directory = directory(parent);
    Node child = child(directory, name);
    if (!child.children.isEmpty()) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
    remove(directory, text(name), child);
  }

  @Override
  public synchronized void rename(
      Request request, long parent, byte[] name, long newParent, byte[] newName, int flags)
      throws ErrnoException {
    if ((flags & ~RENAME_NOREPLACE) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    Node from = directory(parent);
    Node to = directory(newParent);
    Node moved = child(from, name);
    Node replaced = to.children.get(text(newName));
    if (replaced != null) {
      if (flags == RENAME_NOREPLACE) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      if (!replaced.children.isEmpty()) {
        throw ErrnoException.of(Errno.ENOTEMPTY);
      }
      remove(to, text(newName), replaced);
    }
    detach(from, text(name));
    add(to, text(newName), moved);
  }

  @Override
  public synchronized void link(
      Request request, long node, long newParent, byte[] newName, Entry entry)
      throws ErrnoException {
    Node linked = node(node);
    linked.links++;
    add(directory(newParent), text(newName), linked);
    fill(linked, entry);
  }

  @Override
  public synchronized void open(Request request, long node, int flags, Opened opened)
      throws ErrnoException {
    Node file = node(node);
    file.openings++;
    if ((flags & 01000) != 0) { // O_TRUNC
      resize(file, 0);
    }
    opened.handle = node;
    opened.flags = Opened.FOPEN_KEEP_CACHE;
  }

  @Override
  public synchronized void create(
      Request request,
      long parent,
      byte[] name,
      int flags,
      int mode,
      int umask,
      Entry entry,
      Opened opened)
      throws ErrnoException {
    Node file = created(request, parent, name, mode);
    file.openings++;
    opened.handle = file.id;
    fill(file, entry);
  }

  @Override
  public synchronized void createUnnamed(
      Request request, long parent, int flags, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    Node file = make(mode, request.uid(), request.gid());
    file.links = 0;
    file.openings++;
    opened.handle = file.id;
    fill(file, entry);
  }

  @Override
  public int read(
      Request request,
      long node,
      long handle,
      long offset,
      int size,
      NativeBuffer target,
      int targetOffset)
      throws ErrnoException {
    synchronized (this) {
      Node file = node(node);
      int length = (int) Math.clamp(file.size - offset, 0, size);
      target.bytes().put(targetOffset, file.data, (int) offset, length);
      return length;
    }
  }

  @Override
  public synchronized int write(
      Request request,
      long node,
      long handle,
      long offset,
      NativeBuffer source,
      int sourceOffset,
      int size,
      int flags)
      throws ErrnoException {
    Node file = node(node);
    if (offset + size > file.size) {
      resize(file, offset + size);
    }
    source.bytes().get(sourceOffset, file.data, (int) offset, size);
    file.modifyNanos = file.changeNanos = now();
    return size;
  }

  @Override
  public void flush(Request request, long node, long handle) {}

  @Override
  public synchronized void release(long node, long handle, int flags) {
    Node file = nodes.get(node);
    if (file != null) {
      file.openings--;
      dropIfUnused(file);
    }
  }

  @Override
  public void fsync(Request request, long node, long handle, boolean dataOnly) {
    request.blocking();
  }

  @Override
  public synchronized void openDirectory(Request request, long node, int flags, Opened opened)
      throws ErrnoException {
    directory(node).openings++;
    opened.handle = node;
  }

  @Override
  public synchronized void readDirectory(
      Request request, long node, long handle, long offset, DirectorySink sink)
      throws ErrnoException {
    Node directory = directory(node);
    Entry entry = new Entry();
    boolean more = offset >= 1 || dot(sink, ".", directory, 1);
    more = more && (offset >= 2 || dot(sink, "..", directory, 2));
    if (more) {
      for (Map.Entry<Long, String> at : directory.listing.tailMap(offset + 1).entrySet()) {
        Node child = child(directory, bytes(at.getValue()));
        byte[] name = bytes(at.getValue());
        if (!sink.plus()) {
          if (!sink.add(name, 0, name.length, child.id, child.mode, at.getKey())) {
            break;
          }
          continue;
        }
        entry.clear();
        fill(child, entry);
        if (!sink.add(name, 0, name.length, entry, at.getKey())) {
          child.lookups--;
          break;
        }
      }
    }
  }

  private static boolean dot(DirectorySink sink, String name, Node directory, long next) {
    return sink.add(bytes(name), 0, name.length(), directory.id, directory.mode, next);
  }

  @Override
  public synchronized void releaseDirectory(long node, long handle) {
    Node directory = nodes.get(node);
    if (directory != null) {
      directory.openings--;
      dropIfUnused(directory);
    }
  }

  @Override
  public void fsyncDirectory(Request request, long node, long handle, boolean dataOnly) {}

  @Override
  public synchronized void statFs(Request request, long node, StatFs numbers) {
    numbers.blocks = 1000;
    numbers.freeBlocks = 600;
    numbers.availableBlocks = 500;
    numbers.files = 100_000;
    numbers.freeFiles = 100_000 - nodes.size();
    numbers.blockSize = 4096;
    numbers.fragmentSize = 4096;
    numbers.nameLength = 255;
  }

  @Override
  public synchronized int getXattr(Request request, long node, byte[] name, ByteBuffer target)
      throws ErrnoException {
    byte[] value = node(node).xattrs.get(text(name));
    if (value == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    return putIfFits(value, target);
  }

  @Override
  public synchronized int listXattr(Request request, long node, ByteBuffer target)
      throws ErrnoException {
    StringBuilder names = new StringBuilder();
    node(node).xattrs.keySet().forEach(name -> names.append(name).append('\0'));
    return putIfFits(bytes(names.toString()), target);
  }

  private static int putIfFits(byte[] value, ByteBuffer target) {
    if (value.length <= target.remaining()) {
      target.put(value);
    }
    return value.length;
  }

  @Override
  public synchronized void setXattr(
      Request request, long node, byte[] name, ByteBuffer value, int flags) throws ErrnoException {
    boolean there = node(node).xattrs.containsKey(text(name));
    if (there ? flags == 1 : flags == 2) {
      throw ErrnoException.of(there ? Errno.EEXIST : Errno.ENODATA);
    }
    byte[] copy = new byte[value.remaining()];
    value.get(copy);
    node(node).xattrs.put(text(name), copy);
  }

  @Override
  public synchronized void removeXattr(Request request, long node, byte[] name)
      throws ErrnoException {
    if (node(node).xattrs.remove(text(name)) == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
  }

  @Override
  public void access(Request request, long node, int mask) {}

  @Override
  public synchronized void allocate(
      Request request, long node, long handle, int mode, long offset, long length)
      throws ErrnoException {
    Node file = node(node);
    if (mode != 0) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    resize(file, Math.max(file.size, offset + length));
  }

  @Override
  public synchronized long seek(Request request, long node, long handle, long offset, int whence)
      throws ErrnoException {
    Node file = node(node);
    if (offset >= file.size) {
      throw ErrnoException.of(Errno.ENXIO);
    }
    return whence == 3 ? offset : file.size; // all data, and the hole behind
  }

  @Override
  public synchronized long copyRange(
      Request request,
      long sourceNode,
      long sourceHandle,
      long sourceOffset,
      long targetNode,
      long targetHandle,
      long targetOffset,
      long length)
      throws ErrnoException {
    Node source = node(sourceNode);
    Node target = node(targetNode);
    int size = (int) Math.clamp(source.size - sourceOffset, 0, length);
    byte[] bytes = Arrays.copyOfRange(source.data, (int) sourceOffset, (int) sourceOffset + size);
    if (targetOffset + size > target.size) {
      resize(target, targetOffset + size);
    }
    System.arraycopy(bytes, 0, target.data, (int) targetOffset, size);
    return size;
  }

  // ---- what they share

  private Node make(int mode, int uid, int gid) {
    Node node = new Node(nextId++, mode);
    node.uid = uid;
    node.gid = gid;
    node.accessNanos = node.modifyNanos = node.changeNanos = now();
    nodes.put(node.id, node);
    return node;
  }

  private Node created(Request request, long parent, byte[] name, int mode) throws ErrnoException {
    Node directory = directory(parent);
    if (directory.children.containsKey(text(name))) {
      throw ErrnoException.of(Errno.EEXIST);
    }
    Node made = make(mode, request.uid(), request.gid());
    add(directory, text(name), made);
    return made;
  }

  private static void add(Node directory, String name, Node child) {
    directory.children.put(name, child);
    long position = directory.nextPosition++;
    directory.positions.put(name, position);
    directory.listing.put(position, name);
    directory.links += child.isDirectory() ? 1 : 0;
    directory.modifyNanos = directory.changeNanos = now();
  }

  private static Node detach(Node directory, String name) throws ErrnoException {
    Node child = directory.children.remove(name);
    Long position = directory.positions.remove(name);
    if (child == null || position == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    directory.listing.remove(position);
    directory.links -= child.isDirectory() ? 1 : 0;
    return child;
  }

  private void remove(Node directory, String name, Node child) throws ErrnoException {
    detach(directory, name);
    child.links -= child.isDirectory() ? 2 : 1;
    dropIfUnused(child);
  }

  private void dropIfUnused(Node node) {
    if (node != root && node.links <= 0 && node.lookups <= 0 && node.openings <= 0) {
      nodes.remove(node.id);
    }
  }

  private Node node(long id) throws ErrnoException {
    Node node = nodes.get(id);
    if (node == null) {
      throw ErrnoException.of(Errno.ESTALE);
    }
    return node;
  }

  private Node directory(long id) throws ErrnoException {
    Node node = node(id);
    if (!node.isDirectory()) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return node;
  }

  private static Node child(Node directory, byte[] name) throws ErrnoException {
    Node child = directory.children.get(text(name));
    if (child == null) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    return child;
  }

  private static void resize(Node file, long size) throws ErrnoException {
    if (size > MAX_FILE) {
      throw ErrnoException.of(Errno.EFBIG);
    }
    if (size > file.data.length) {
      file.data = Arrays.copyOf(file.data, (int) Math.min(MAX_FILE, size + size / 2));
    } else if (size < file.size) {
      Arrays.fill(file.data, (int) size, (int) file.size, (byte) 0);
    }
    file.size = size;
  }

  private static void fill(Node node, Entry entry) {
    node.lookups++;
    entry.node = node.id;
    entry.lifetime = Attributes.FOREVER;
    fill(node, entry.attributes);
  }

  private static void fill(Node node, Attributes attributes) {
    attributes.inode = node.id;
    attributes.mode = node.mode;
    attributes.uid = node.uid;
    attributes.gid = node.gid;
    attributes.linkCount = node.links;
    attributes.device = node.device;
    attributes.size = node.size;
    attributes.blocks = (node.size + 511) / 512;
    attributes.blockSize = 4096;
    attributes.accessSeconds = Math.floorDiv(node.accessNanos, 1_000_000_000L);
    attributes.accessNanos = (int) Math.floorMod(node.accessNanos, 1_000_000_000L);
    attributes.modifySeconds = Math.floorDiv(node.modifyNanos, 1_000_000_000L);
    attributes.modifyNanos = (int) Math.floorMod(node.modifyNanos, 1_000_000_000L);
    attributes.changeSeconds = Math.floorDiv(node.changeNanos, 1_000_000_000L);
    attributes.changeNanos = (int) Math.floorMod(node.changeNanos, 1_000_000_000L);
    attributes.lifetime = Attributes.FOREVER;
  }

  private static long now() {
    return nanos(System.currentTimeMillis() / 1000, 0);
  }

  private static long nanos(long seconds, long nanos) {
    return seconds * 1_000_000_000L + nanos;
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.ISO_8859_1);
  }
}
