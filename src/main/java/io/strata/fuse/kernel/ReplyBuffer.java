package io.strata.fuse.kernel;

import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.fuse.StatFs;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Stat;
import java.nio.ByteBuffer;

/**
 * A reply in the making: {@code struct fuse_out_header}, then a body that grows by one structure
 * after the other. Belongs to one thread.
 */
final class ReplyBuffer {
  /** {@code struct fuse_out_header}. */
  static final int HEADER_SIZE = 16;

  /** {@code struct fuse_entry_out}. */
  static final int ENTRY_SIZE = 128;

  /** {@code struct fuse_attr}. */
  private static final int ATTR_SIZE = 88;

  /** {@code struct fuse_attr_out}, before its {@code fuse_attr}. */
  private static final int ATTR_OUT_HEAD = 16;

  private static final int STATX_OUT_HEAD = 32;
  private static final int STATX_OUT_SIZE = STATX_OUT_HEAD + 256;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BTIME = 0x800;

  /** {@code struct fuse_statfs_out}. */
  private static final int STATFS_SIZE = 80;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final NativeBuffer memory;
  private final ByteBuffer bytes;
  private final ByteBuffer window;
  private final int bodyStart;
  private int length;

  ReplyBuffer(NativeBuffer memory) {
    this(memory, HEADER_SIZE);
  }

  /**
   * @param bodyStart where in the memory bodies begin; the header is before it, if it is there at
   *     all
   */
  ReplyBuffer(NativeBuffer memory, int bodyStart) {
    this.memory = memory;
    this.bodyStart = bodyStart;
    this.bytes = memory.bytes();
    this.window = bytes.duplicate().order(bytes.order());
  }

  NativeBuffer memory() {
    return memory;
  }

  /** An empty body, for the next reply. */
  void begin() {
    length = bodyStart;
  }

  /** Where the body's next byte goes in {@link #memory()}. */
  int position() {
    return length;
  }

  /** How many bytes the body can still take. */
  int room() {
    return bytes.capacity() - length;
  }

  /** Says that {@code size} bytes were put at {@link #position()}. */
  void advance(int size) {
    length += size;
  }

  /** A view of the next {@code size} bytes of the body, for someone else to fill. */
  ByteBuffer window(int size) {
    window.clear().position(length).limit(length + size);
    return window;
  }

  /** Ends the reply with its header; gives the length of the whole. {@code errno} 0 is success. */
  int finish(long unique, int errno) {
    return finish(unique, errno, bodyStart - HEADER_SIZE);
  }

  /** The same with the header at byte {@code at} of the memory. */
  int finish(long unique, int errno, int at) {
    if (errno != 0) {
      length = bodyStart;
    }
    int size = HEADER_SIZE + bodyLength();
    bytes.putInt(at, size);
    bytes.putInt(at + 4, -errno);
    bytes.putLong(at + 8, unique);
    return size;
  }

  /** How many bytes the body has. */
  int bodyLength() {
    return length - bodyStart;
  }

  void u32(int value) {
    bytes.putInt(length, value);
    length += 4;
  }

  void u64(long value) {
    bytes.putLong(length, value);
    length += 8;
  }

  void raw(byte[] value) {
    bytes.put(length, value);
    length += value.length;
  }

  /** {@code struct fuse_entry_out}. */
  void entry(Entry entry) {
    putEntry(length, entry);
    length += ENTRY_SIZE;
  }

  /** Puts a {@code struct fuse_entry_out} at {@code at} without counting it to the body. */
  void putEntry(int at, Entry entry) {
    bytes.putLong(at, entry.node);
    bytes.putLong(at + 8, entry.generation);
    bytes.putLong(at + 16, entry.lifetime / NANOS_PER_SECOND);
    bytes.putLong(at + 24, entry.attributes.lifetime / NANOS_PER_SECOND);
    bytes.putInt(at + 32, (int) (entry.lifetime % NANOS_PER_SECOND));
    bytes.putInt(at + 36, (int) (entry.attributes.lifetime % NANOS_PER_SECOND));
    putAttributes(at + 40, entry.attributes);
  }

  /** {@code struct fuse_attr_out}. */
  void attributes(Attributes attributes) {
    bytes.putLong(length, attributes.lifetime / NANOS_PER_SECOND);
    bytes.putInt(length + 8, (int) (attributes.lifetime % NANOS_PER_SECOND));
    bytes.putInt(length + 12, 0);
    putAttributes(length + ATTR_OUT_HEAD, attributes);
    length += ATTR_OUT_HEAD + ATTR_SIZE;
  }

  /** {@code struct fuse_statx_out}, with a {@code struct fuse_statx} at byte 32. */
  void statx(Attributes attributes) {
    for (int at = length; at < length + STATX_OUT_SIZE; at += Long.BYTES) {
      bytes.putLong(at, 0);
    }
    bytes.putLong(length, attributes.lifetime / NANOS_PER_SECOND);
    bytes.putInt(length + 8, (int) (attributes.lifetime % NANOS_PER_SECOND));
    putStatx(length + STATX_OUT_HEAD, attributes);
    length += STATX_OUT_SIZE;
  }

  private void putStatx(int at, Attributes attributes) {
    bytes.putInt(at, STATX_BASIC_STATS | (attributes.born ? STATX_BTIME : 0));
    bytes.putInt(at + 4, attributes.blockSize);
    bytes.putInt(at + 16, attributes.linkCount);
    bytes.putInt(at + 20, attributes.uid);
    bytes.putInt(at + 24, attributes.gid);
    bytes.putShort(at + 28, (short) attributes.mode);
    bytes.putLong(at + 32, attributes.inode);
    bytes.putLong(at + 40, attributes.size);
    bytes.putLong(at + 48, attributes.blocks);
    putTime(at + 64, attributes.accessSeconds, attributes.accessNanos);
    putTime(at + 80, attributes.birthSeconds, attributes.birthNanos);
    putTime(at + 96, attributes.changeSeconds, attributes.changeNanos);
    putTime(at + 112, attributes.modifySeconds, attributes.modifyNanos);
    bytes.putInt(at + 128, Stat.majorOf(attributes.device));
    bytes.putInt(at + 132, Stat.minorOf(attributes.device));
  }

  /** {@code struct fuse_sx_time}. */
  private void putTime(int at, long seconds, int nanos) {
    bytes.putLong(at, seconds);
    bytes.putInt(at + 8, nanos);
  }

  private void putAttributes(int at, Attributes attributes) {
    bytes.putLong(at, attributes.inode);
    bytes.putLong(at + 8, attributes.size);
    bytes.putLong(at + 16, attributes.blocks);
    bytes.putLong(at + 24, attributes.accessSeconds);
    bytes.putLong(at + 32, attributes.modifySeconds);
    bytes.putLong(at + 40, attributes.changeSeconds);
    bytes.putInt(at + 48, attributes.accessNanos);
    bytes.putInt(at + 52, attributes.modifyNanos);
    bytes.putInt(at + 56, attributes.changeNanos);
    bytes.putInt(at + 60, attributes.mode);
    bytes.putInt(at + 64, attributes.linkCount);
    bytes.putInt(at + 68, attributes.uid);
    bytes.putInt(at + 72, attributes.gid);
    bytes.putInt(at + 76, (int) attributes.device); // new_encode_dev: the low half of makedev
    bytes.putInt(at + 80, attributes.blockSize);
    bytes.putInt(at + 84, 0); // flags: no submount, no DAX
  }

  /** {@code struct fuse_open_out}; {@code backingId} counts with FOPEN_PASSTHROUGH only. */
  void opened(Opened opened, int flags, int backingId) {
    u64(opened.handle);
    u32(flags);
    u32(backingId);
  }

  /** {@code struct fuse_statfs_out}. */
  void statFs(StatFs numbers) {
    bytes.putLong(length, numbers.blocks);
    bytes.putLong(length + 8, numbers.freeBlocks);
    bytes.putLong(length + 16, numbers.availableBlocks);
    bytes.putLong(length + 24, numbers.files);
    bytes.putLong(length + 32, numbers.freeFiles);
    bytes.putInt(length + 40, numbers.blockSize);
    bytes.putInt(length + 44, numbers.nameLength);
    bytes.putInt(length + 48, numbers.fragmentSize);
    for (int spare = 52; spare < STATFS_SIZE; spare += 4) {
      bytes.putInt(length + spare, 0);
    }
    length += STATFS_SIZE;
  }
}
