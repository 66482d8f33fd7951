package io.strata.fuse.kernel;

import io.strata.fuse.DirectorySink;
import io.strata.fuse.Entry;
import io.strata.posix.Stat;
import java.nio.ByteBuffer;

/**
 * Lays out a directory's entries in the reply: {@code struct fuse_dirent}, or with attributes
 * {@code struct fuse_direntplus}, each rounded up to eight bytes.
 */
final class DirectoryReply implements DirectorySink {
  /** {@code struct fuse_dirent} without the name. */
  private static final int DIRENT_SIZE = 24;

  private static final int ALIGNMENT = 8; // FUSE_REC_ALIGN

  private final ReplyBuffer reply;
  private boolean plus;
  private int left;
  private boolean empty;

  DirectoryReply(ReplyBuffer reply) {
    this.reply = reply;
  }

  /** Begins a listing of at most {@code size} bytes. */
  void begin(boolean withAttributes, int size) {
    plus = withAttributes;
    left = Math.min(size, reply.room());
    empty = true;
  }

  /** Whether nothing was added yet. */
  boolean isEmpty() {
    return empty;
  }

  @Override
  public boolean plus() {
    return plus;
  }

  @Override
  public boolean add(byte[] name, int from, int length, long inode, int mode, long next) {
    return plus
        ? addUnknown(name, from, length, next, inode, mode)
        : put(name, from, length, 0, inode, mode, next);
  }

  /** An entry without attributes in a listing with them: the kernel learns the name only. */
  private boolean addUnknown(byte[] name, int from, int length, long next, long inode, int mode) {
    int at = reply.position();
    if (!put(name, from, length, ReplyBuffer.ENTRY_SIZE, inode, mode, next)) {
      return false;
    }
    for (int i = 0; i < ReplyBuffer.ENTRY_SIZE; i += 8) {
      reply.memory().bytes().putLong(at + i, 0);
    }
    return true;
  }

  @Override
  public boolean add(byte[] name, int from, int length, Entry entry, long next) {
    int head = plus ? ReplyBuffer.ENTRY_SIZE : 0;
    int at = reply.position();
    long inode = entry.attributes.inode;
    if (!put(name, from, length, head, inode, entry.attributes.mode, next)) {
      return false;
    }
    if (plus) {
      reply.putEntry(at, entry);
    }
    return true;
  }

  private boolean put(
      byte[] name, int from, int length, int head, long inode, int mode, long next) {
    int end = head + DIRENT_SIZE + length;
    int padded = (end + ALIGNMENT - 1) & -ALIGNMENT;
    if (padded > left) {
      left = 0;
      return false;
    }
    ByteBuffer bytes = reply.memory().bytes();
    int at = reply.position() + head;
    bytes.putLong(at, inode);
    bytes.putLong(at + 8, next);
    bytes.putInt(at + 16, length);
    bytes.putInt(at + 20, (mode & Stat.S_IFMT) >>> 12);
    bytes.put(at + DIRENT_SIZE, name, from, length);
    for (int i = end; i < padded; i++) {
      bytes.put(reply.position() + i, (byte) 0);
    }
    reply.advance(padded);
    left -= padded;
    empty = false;
    return true;
  }
}
