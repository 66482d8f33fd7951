package io.strata.fuse.kernel;

import io.strata.fuse.Connection;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the server tells the kernel unasked, and what the two agreed on. Thread-safe.
 *
 * <p>A notification is a reply with unique 0 and the notification's code as its error.
 */
final class Notifications implements Connection {
  private static final int FUSE_NOTIFY_INVAL_INODE = 2;
  private static final int FUSE_NOTIFY_INVAL_ENTRY = 3;
  private static final int FUSE_NOTIFY_STORE = 4;
  private static final int STORE_SIZE = 24; // struct fuse_notify_store_out

  /** Names by code, from 0 on, without {@code FUSE_NOTIFY_}. */
  private static final List<String> NAMES =
      List.of("", "POLL", "INVAL_INODE", "INVAL_ENTRY", "STORE", "RETRIEVE", "DELETE");

  private static final int INVAL_INODE_SIZE = 24; // struct fuse_notify_inval_inode_out
  private static final int INVAL_ENTRY_SIZE = 16; // struct fuse_notify_inval_entry_out
  private static final int NAME_MAX = 1024; // FUSE_NAME_MAX

  private final Device device;
  private final Agreement agreement;
  private final AtomicLongArray sent = new AtomicLongArray(NAMES.size());
  private final NativeBuffer message = // guarded by this
      NativeBuffer.allocate(ReplyBuffer.HEADER_SIZE + INVAL_INODE_SIZE + NAME_MAX + 1);

  Notifications(Device device, Agreement agreement) {
    this.device = device;
    this.agreement = agreement;
  }

  @Override
  public int maxWrite() {
    return Exchange.MAX_TRANSFER;
  }

  @Override
  public boolean passthrough() {
    return agreement.has(InitFlags.FUSE_PASSTHROUGH);
  }

  @Override
  public boolean writebackCache() {
    return agreement.has(InitFlags.FUSE_WRITEBACK_CACHE);
  }

  @Override
  public boolean posixAcl() {
    return agreement.has(InitFlags.FUSE_POSIX_ACL);
  }

  @Override
  public void invalidateNode(long node) {
    invalidate(node, 0); // from the first byte
  }

  @Override
  public void invalidateAttributes(long node) {
    invalidate(node, -1); // no data
  }

  private synchronized void invalidate(long node, long offset) {
    ByteBuffer bytes = message.bytes();
    bytes.putLong(16, node);
    bytes.putLong(24, offset);
    bytes.putLong(32, 0); // to the last byte
    send(FUSE_NOTIFY_INVAL_INODE, INVAL_INODE_SIZE);
  }

  @Override
  public synchronized void invalidateEntry(long parent, byte[] name) {
    if (name.length > NAME_MAX) {
      return; // the kernel can't know such a name
    }
    ByteBuffer bytes = message.bytes();
    bytes.putLong(16, parent);
    bytes.putInt(24, name.length);
    bytes.putInt(28, 0); // flags: not FUSE_EXPIRE_ONLY
    bytes.put(32, name);
    bytes.put(32 + name.length, (byte) 0);
    send(FUSE_NOTIFY_INVAL_ENTRY, INVAL_ENTRY_SIZE + name.length + 1);
  }

  @Override
  public boolean store(long node, long offset, NativeBuffer buffer, int from, int length) {
    int start = from - STORE_HEADROOM;
    int body = start + ReplyBuffer.HEADER_SIZE;
    buffer
        .bytes()
        .putInt(start, STORE_HEADROOM + length)
        .putInt(start + 4, FUSE_NOTIFY_STORE)
        .putLong(start + 8, 0)
        .putLong(body, node)
        .putLong(body + 8, offset)
        .putInt(body + STORE_SIZE - 8, length)
        .putInt(body + STORE_SIZE - 4, 0);
    sent.incrementAndGet(FUSE_NOTIFY_STORE);
    return device.send(buffer, start, STORE_HEADROOM + length) == Device.Sent.DELIVERED;
  }

  /** How many messages were sent, by their names. */
  SortedMap<String, Long> sent() {
    SortedMap<String, Long> all = new TreeMap<>();
    for (int code = 0; code < NAMES.size(); code++) {
      if (sent.get(code) > 0) {
        all.put(NAMES.get(code), sent.get(code));
      }
    }
    return all;
  }

  /** The kernel answers ENOENT for what it does not know, which is as good. */
  private void send(int code, int size) {
    int length = ReplyBuffer.HEADER_SIZE + size;
    message.bytes().putInt(0, length).putInt(4, code).putLong(8, 0);
    sent.incrementAndGet(code);
    device.send(message, length);
  }
}
