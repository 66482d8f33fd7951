package io.strata.fuse.libfuse;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.Attributes;
import io.strata.fuse.Counters;
import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.fuse.StatFs;
import io.strata.posix.NativeBuffer;
import java.util.Arrays;

/**
 * One serving thread's request and its reusable replies. Belongs to that thread, but for {@link
 * #interrupt}.
 *
 * <p>Source of the layout: {@code struct fuse_in_header} of linux/fuse.h.
 */
final class Worker implements Request {
  /** Enough for libfuse 2's largest WRITE of 128 KiB with its headers (MIN_BUFSIZE there). */
  static final int REQUEST_SIZE = 0x21000;

  /** The largest READ that protocol 7.19 has, FUSE_MAX_PAGES_PER_REQ of 4 KiB. */
  static final int DATA_SIZE = 128 << 10;

  private static final int OPCODE = 4;
  private static final int UNIQUE = 8;
  private static final int UID = 24;
  private static final int GID = 28;
  private static final int PID = 32;
  private static final int HEADER_SIZE = 40;

  final NativeBuffer request = NativeBuffer.allocateAligned(REQUEST_SIZE, 4096);
  final NativeBuffer data = NativeBuffer.allocateAligned(DATA_SIZE, 4096);
  final Structures structures;
  final Counters counters;

  private final Entry entry = new Entry();
  private final Attributes attributes = new Attributes();
  private final Opened opened = new Opened();
  private final AttributeChange change = new AttributeChange();
  private final StatFs statFs = new StatFs();
  private final Runnable helper;

  private volatile long unique;
  private volatile boolean interrupted;
  private int answer;

  /** Called by {@link #blocking()}: has somebody else read requests meanwhile. */
  Worker(Structures structures, Counters counters, Runnable helper) {
    this.structures = structures;
    this.counters = counters;
    this.helper = helper;
  }

  void begin() {
    interrupted = false;
    answer = 0;
    unique = request.bytes().getLong(UNIQUE);
  }

  void end() {
    unique = 0;
  }

  /** What a callback gave for this request: a count, or an errno below 0. */
  void answered(int given) {
    answer = given;
  }

  /** Whether the last callback for this request gave an errno. */
  boolean failed() {
    return answer < 0;
  }

  /** How many bytes of a file this request read or wrote. */
  int moved() {
    boolean data = opcode() == Opcode.READ || opcode() == Opcode.WRITE;
    return data ? Math.max(answer, 0) : 0;
  }

  int opcode() {
    return request.bytes().getInt(OPCODE);
  }

  /**
   * Whether the target of the RENAME being served is {@code name}: behind {@code struct
   * fuse_rename_in} of 8 bytes come the old name and the new one, each with its NUL.
   */
  boolean renamesTo(byte[] name) {
    long oldName = request.address() + HEADER_SIZE + 8;
    long newName = oldName + NativeMemory.string(oldName).length + 1;
    return Arrays.equals(NativeMemory.string(newName), name);
  }

  /** Which request an INTERRUPT is about ({@code struct fuse_interrupt_in}). */
  long interruptedUnique() {
    return request.bytes().getLong(HEADER_SIZE);
  }

  /** Marks the request {@code which} as interrupted, if it is the one being served here. */
  void interrupt(long which) {
    if (unique == which) {
      interrupted = true;
    }
  }

  @Override
  public int uid() {
    return request.bytes().getInt(UID);
  }

  @Override
  public int gid() {
    return request.bytes().getInt(GID);
  }

  @Override
  public int pid() {
    return request.bytes().getInt(PID);
  }

  @Override
  public boolean interrupted() {
    return interrupted;
  }

  @Override
  public void blocking() {
    helper.run();
  }

  Entry entry() {
    entry.clear();
    return entry;
  }

  Attributes attributes() {
    attributes.clear();
    return attributes;
  }

  Opened opened() {
    opened.clear();
    return opened;
  }

  /** A change of what {@code valid} names, by path. */
  AttributeChange change(int valid) {
    change.valid = valid;
    change.handle = 0;
    return change;
  }

  StatFs statFs() {
    return statFs;
  }
}
