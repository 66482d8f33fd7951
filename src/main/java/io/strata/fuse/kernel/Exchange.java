package io.strata.fuse.kernel;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.Attributes;
import io.strata.fuse.Counters;
import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.fuse.StatFs;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A request and its reply, with the objects that are used again for each. Belongs to one thread,
 * except {@link #interrupt}.
 */
final class Exchange implements Request {
  /** The most that a READ asks for and a WRITE brings, in bytes: 256 pages of 4 KiB. */
  static final int MAX_TRANSFER = 1 << 20;

  private static final int PAGE = 4096;

  /** {@code flags} of {@code struct fuse_read_in}: those of the open file. */
  private static final int READ_FLAGS = 32;

  /** Nothing the kernel sends or takes is longer: the transfer, and a page for what leads it. */
  static final int BUFFER_SIZE = MAX_TRANSFER + PAGE;

  final RequestBuffer in;
  final ReplyBuffer out;
  final DirectoryReply directory;
  final Counters counters;
  final Entry entry = new Entry();
  final Attributes attributes = new Attributes();
  final Opened opened = new Opened();
  final AttributeChange change = new AttributeChange();
  final StatFs statFs = new StatFs();

  private final ByteBuffer value;
  private final Cover cover;
  private volatile long unique;
  private volatile long interruptedUnique;
  private boolean blocking;
  private boolean storing;

  /**
   * One with buffers of its own.
   *
   * @param cover hears when an operation takes long
   */
  Exchange(Cover cover, Counters counters) {
    this(
        new RequestBuffer(NativeBuffer.allocateAligned(BUFFER_SIZE, PAGE)),
        new ReplyBuffer(NativeBuffer.allocateAligned(BUFFER_SIZE, PAGE)),
        cover,
        counters);
  }

  Exchange(RequestBuffer in, ReplyBuffer out, Cover cover, Counters counters) {
    this.in = in;
    this.out = out;
    this.directory = new DirectoryReply(out);
    this.value = in.memory().bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.cover = cover;
    this.counters = counters;
  }

  /** The request in the buffer is what goes on from now. */
  void begin() {
    blocking = false;
    storing = false;
    unique = in.unique();
    out.begin();
  }

  /** The unique of the request in progress, or of the last one. */
  long unique() {
    return unique;
  }

  /** Marks the request {@code which} as interrupted, if it is still in progress. Any thread. */
  void interrupt(long which) {
    interruptedUnique = which;
  }

  /** Whether the operation said that it takes long. */
  boolean wasBlocking() {
    return blocking;
  }

  /**
   * How many bytes the request moved that was answered with {@code errno}, 0 for success, or not at
   * all: those of the reply's body, or those that a WRITE brought.
   */
  long moved(int errno) {
    if (errno != 0) {
      return 0;
    }
    return in.opcode() == Opcode.FUSE_WRITE
        ? in.bodyLength() - FileOperations.WRITE_IN
        : out.bodyLength();
  }

  /** A view of {@code size} bytes of the request from body offset {@code at}. */
  ByteBuffer value(int at, int size) {
    int from = in.position(at);
    return value.clear().position(from).limit(from + size);
  }

  @Override
  public int uid() {
    return in.uid();
  }

  @Override
  public int gid() {
    return in.gid();
  }

  @Override
  public int pid() {
    return in.pid();
  }

  @Override
  public boolean interrupted() {
    return interruptedUnique == unique;
  }

  /** Whether the operation was allowed to store data. */
  boolean wasStoring() {
    return storing;
  }

  @Override
  public boolean mayStore() {
    if (!storing) {
      storing = cover.beginStoring();
    }
    return storing;
  }

  @Override
  public boolean direct() {
    return in.opcode() == Opcode.FUSE_READ && (in.u32(READ_FLAGS) & NameCalls.O_DIRECT) != 0;
  }

  @Override
  public void blocking() {
    if (!blocking) {
      blocking = true;
      cover.blocked();
    }
  }
}
