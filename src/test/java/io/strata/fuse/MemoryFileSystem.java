package io.strata.fuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A writable file system in memory, to try transports with. */
public class MemoryFileSystem extends MemoryContents {
  private static final int RENAME_NOREPLACE = 1;

  private final Features features;
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
  }

  public synchronized Connection connection() {
    Connection here = connection;
    if (here == null) {
      throw new IllegalStateException("not started");
    }
    return here;
  }

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
    String key = MemoryNode.text(name);
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
      while (!slowRelease.await(1, TimeUnit.MILLISECONDS)) {
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
    MemoryNode child = nodes.directory(parent).children.get(key);
    if (child == null) {
      entry.lifetime = Attributes.FOREVER;
      return;
    }
    child.fill(entry);
  }

  @Override
  public synchronized void forget(long node, long count) {
    MemoryNode known = nodes.find(node);
    if (known != null) {
      known.lookups -= count;
      nodes.dropIfUnused(known);
    }
  }

  @Override
  public synchronized void getAttributes(
      Request request, long node, boolean hasHandle, long handle, Attributes attributes)
      throws ErrnoException {
    nodes.node(node).fill(attributes);
  }

  @Override
  public synchronized void setAttributes(
      Request request, long node, AttributeChange change, Attributes attributes)
      throws ErrnoException {
    MemoryNode known = nodes.node(node);
    long now = MemoryNode.now();
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
      known.resize(change.size);
      known.modifyNanos = now;
    }
    if (change.has(AttributeChange.FATTR_ATIME)) {
      boolean set = !change.has(AttributeChange.FATTR_ATIME_NOW);
      known.accessNanos = set ? MemoryNode.nanos(change.accessSeconds, change.accessNanos) : now;
    }
    if (change.has(AttributeChange.FATTR_MTIME)) {
      boolean set = !change.has(AttributeChange.FATTR_MTIME_NOW);
      known.modifyNanos = set ? MemoryNode.nanos(change.modifySeconds, change.modifyNanos) : now;
    }
    known.changeNanos = now;
    known.fill(attributes);
  }

  @Override
  public synchronized byte[] readLink(Request request, long node) throws ErrnoException {
    return nodes.node(node).data;
  }

  @Override
  public synchronized void symlink(
      Request request, long parent, byte[] name, byte[] target, Entry entry) throws ErrnoException {
    MemoryNode link = nodes.created(request, parent, name, Stat.S_IFLNK | 0777);
    link.data = target;
    link.size = target.length;
    link.fill(entry);
  }

  @Override
  public synchronized void makeNode(
      Request request, long parent, byte[] name, int mode, int umask, long device, Entry entry)
      throws ErrnoException {
    MemoryNode made = nodes.created(request, parent, name, mode);
    made.device = device;
    made.fill(entry);
  }

  @Override
  public synchronized void makeDirectory(
      Request request, long parent, byte[] name, int mode, int umask, Entry entry)
      throws ErrnoException {
    nodes.created(request, parent, name, mode & 07777 | Stat.S_IFDIR).fill(entry);
  }

  @Override
  public synchronized void unlink(Request request, long parent, byte[] name) throws ErrnoException {
    MemoryNode directory = nodes.directory(parent);
    nodes.remove(directory, MemoryNode.text(name), directory.child(name));
  }

  @Override
  public synchronized void removeDirectory(Request request, long parent, byte[] name)
      throws ErrnoException {
    MemoryNode directory = nodes.directory(parent);
    MemoryNode child = directory.child(name);
    if (!child.children.isEmpty()) {
      throw ErrnoException.of(Errno.ENOTEMPTY);
    }
    nodes.remove(directory, MemoryNode.text(name), child);
  }

  @Override
  public synchronized void rename(
      Request request, long parent, byte[] name, long newParent, byte[] newName, int flags)
      throws ErrnoException {
    if ((flags & ~RENAME_NOREPLACE) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    MemoryNode from = nodes.directory(parent);
    MemoryNode to = nodes.directory(newParent);
    MemoryNode moved = from.child(name);
    MemoryNode replaced = to.children.get(MemoryNode.text(newName));
    if (replaced != null) {
      if (flags == RENAME_NOREPLACE) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      if (!replaced.children.isEmpty()) {
        throw ErrnoException.of(Errno.ENOTEMPTY);
      }
      nodes.remove(to, MemoryNode.text(newName), replaced);
    }
    from.detach(MemoryNode.text(name));
    to.add(MemoryNode.text(newName), moved);
  }

  @Override
  public synchronized void link(
      Request request, long node, long newParent, byte[] newName, Entry entry)
      throws ErrnoException {
    MemoryNode linked = nodes.node(node);
    linked.links++;
    nodes.directory(newParent).add(MemoryNode.text(newName), linked);
    linked.fill(entry);
  }

  @Override
  public synchronized void open(Request request, long node, int flags, Opened opened)
      throws ErrnoException {
    MemoryNode file = nodes.node(node);
    file.openings++;
    if ((flags & 01000) != 0) { // O_TRUNC
      file.resize(0);
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
    MemoryNode file = nodes.created(request, parent, name, mode);
    file.openings++;
    opened.handle = file.id;
    file.fill(entry);
  }

  @Override
  public synchronized void createUnnamed(
      Request request, long parent, int flags, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException {
    MemoryNode file = nodes.make(mode, request.uid(), request.gid());
    file.links = 0;
    file.openings++;
    opened.handle = file.id;
    file.fill(entry);
  }

  @Override
  public synchronized void openDirectory(Request request, long node, int flags, Opened opened)
      throws ErrnoException {
    nodes.directory(node).openings++;
    opened.handle = node;
  }

  @Override
  public synchronized void readDirectory(
      Request request, long node, long handle, long offset, DirectorySink sink)
      throws ErrnoException {
    MemoryNode directory = nodes.directory(node);
    Entry entry = new Entry();
    boolean more = offset >= 1 || dot(sink, ".", directory, 1);
    more = more && (offset >= 2 || dot(sink, "..", directory, 2));
    if (more) {
      for (Map.Entry<Long, String> at : directory.listing.tailMap(offset + 1).entrySet()) {
        MemoryNode child = directory.child(MemoryNode.bytes(at.getValue()));
        byte[] name = MemoryNode.bytes(at.getValue());
        if (!sink.plus()) {
          if (!sink.add(name, 0, name.length, child.id, child.mode, at.getKey())) {
            break;
          }
          continue;
        }
        entry.clear();
        child.fill(entry);
        if (!sink.add(name, 0, name.length, entry, at.getKey())) {
          child.lookups--;
          break;
        }
      }
    }
  }

  private static boolean dot(DirectorySink sink, String name, MemoryNode directory, long next) {
    return sink.add(MemoryNode.bytes(name), 0, name.length(), directory.id, directory.mode, next);
  }

  @Override
  public synchronized void releaseDirectory(long node, long handle) {
    MemoryNode directory = nodes.find(node);
    if (directory != null) {
      directory.openings--;
      nodes.dropIfUnused(directory);
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
    numbers.freeFiles = 100_000 - nodes.count();
    numbers.blockSize = 4096;
    numbers.fragmentSize = 4096;
    numbers.nameLength = 255;
  }

  @Override
  public void access(Request request, long node, int mask) {}
}
