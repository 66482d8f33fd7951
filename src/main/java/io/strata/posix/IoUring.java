package io.strata.posix;

import java.nio.ByteBuffer;

/**
 * A ring with room for one command at a time. Belongs to the thread that opened it, and its results
 * come only while that thread is in {@link #await}: so nothing here needs ordering against others.
 *
 * <p>Two pages of ours hold it (IORING_SETUP_NO_MMAP): the head and tail of both queues with the
 * results, and the command. Source: linux/io_uring.h of Linux 6.6 and later.
 */
public final class IoUring implements AutoCloseable {
  private static final int PAGE = 4096;

  private static final int IORING_SETUP_SQE128 = 1 << 10;
  private static final int IORING_SETUP_SINGLE_ISSUER = 1 << 12;
  private static final int IORING_SETUP_DEFER_TASKRUN = 1 << 13;
  private static final int IORING_SETUP_NO_MMAP = 1 << 14;
  private static final int IORING_SETUP_NO_SQARRAY = 1 << 16;
  private static final int FLAGS =
      IORING_SETUP_SQE128
          | IORING_SETUP_SINGLE_ISSUER
          | IORING_SETUP_DEFER_TASKRUN
          | IORING_SETUP_NO_MMAP
          | IORING_SETUP_NO_SQARRAY;

  private static final int IORING_ENTER_GETEVENTS = 1;
  private static final byte IORING_OP_URING_CMD = 46;

  // struct io_uring_params
  private static final int PARAMS_FLAGS = 8;
  private static final int PARAMS_SQ_OFF = 40;
  private static final int PARAMS_CQ_OFF = 80;
  private static final int TAIL = 4; // of struct io_sqring_offsets and io_cqring_offsets
  private static final int CQES = 20; // of struct io_cqring_offsets
  private static final int USER_ADDR = 32; // of both

  // struct io_uring_sqe of 128 bytes
  private static final int SQE_SIZE = 128;
  private static final int SQE_FD = 4;
  private static final int SQE_CMD_OP = 8;
  private static final int SQE_ADDR = 16;
  private static final int SQE_LEN = 24;
  private static final int SQE_CMD = 48;

  // struct io_uring_cqe
  private static final int CQE_SIZE = 16;
  private static final int CQE_RES = 8;

  private final Posix posix;
  private final NativeBuffer queues;
  private final NativeBuffer command;
  private final int descriptor;
  private final int submissionTail;
  private final int completionHead;
  private final int completionTail;
  private final int completions;
  private final int completionMask;
  private int unsubmitted;

  private IoUring(
      Posix posix, NativeBuffer queues, NativeBuffer command, int descriptor, ByteBuffer params) {
    this.posix = posix;
    this.queues = queues;
    this.command = command;
    this.descriptor = descriptor;
    this.submissionTail = params.getInt(PARAMS_SQ_OFF + TAIL);
    this.completionHead = params.getInt(PARAMS_CQ_OFF);
    this.completionTail = params.getInt(PARAMS_CQ_OFF + TAIL);
    this.completions = params.getInt(PARAMS_CQ_OFF + CQES);
    this.completionMask = params.getInt(4) - 1; // cq_entries, a power of two
  }

  /**
   * Opens one for the calling thread.
   *
   * @throws ErrnoException ENOSYS or EINVAL where the kernel is too old, EPERM where it is
   *     forbidden (kernel.io_uring_disabled, a container's filter)
   */
  public static IoUring open(Posix posix) throws ErrnoException {
    NativeBuffer queues = NativeBuffer.allocateAligned(PAGE, PAGE);
    NativeBuffer command = NativeBuffer.allocateAligned(PAGE, PAGE);
    NativeBuffer params = NativeBuffer.allocate(RingCalls.PARAMS_SIZE);
    params
        .bytes()
        .putInt(PARAMS_FLAGS, FLAGS)
        .putLong(PARAMS_SQ_OFF + USER_ADDR, command.address())
        .putLong(PARAMS_CQ_OFF + USER_ADDR, queues.address());
    int descriptor = posix.rings().setup(1, params.address());
    return new IoUring(posix, queues, command, descriptor, params.bytes());
  }

  /**
   * Lays out a command for a file's driver (IORING_OP_URING_CMD), to be submitted by the next
   * {@link #submit} or {@link #await}.
   *
   * @param operation of the driver
   * @return where the driver's own arguments go, 80 bytes, zeroed
   */
  public ByteBuffer command(int file, int operation, long address, int length) {
    ByteBuffer bytes = command.bytes();
    for (int i = 0; i < SQE_SIZE; i += Long.BYTES) {
      bytes.putLong(i, 0);
    }
    bytes.put(0, IORING_OP_URING_CMD);
    bytes.putInt(SQE_FD, file);
    bytes.putInt(SQE_CMD_OP, operation);
    bytes.putLong(SQE_ADDR, address);
    bytes.putInt(SQE_LEN, length);
    ByteBuffer queue = queues.bytes();
    queue.putInt(submissionTail, queue.getInt(submissionTail) + 1);
    unsubmitted = 1;
    return bytes;
  }

  /** Where the driver's arguments begin in what {@link #command} gives. */
  public static final int ARGUMENTS = SQE_CMD;

  /** Submits what was laid out, without waiting for the result; whether there is one already. */
  public boolean submit() throws ErrnoException {
    enter(0);
    return completed();
  }

  private void enter(int awaited) throws ErrnoException {
    int taken = posix.rings().enter(descriptor, unsubmitted, awaited, IORING_ENTER_GETEVENTS);
    if (taken >= 0) {
      unsubmitted -= taken;
    } else if (taken != -Errno.EINTR && taken != -Errno.EAGAIN) {
      throw ErrnoException.of(-taken);
    }
  }

  /** Whether a result is there. */
  public boolean completed() {
    ByteBuffer bytes = queues.bytes();
    return bytes.getInt(completionHead) != bytes.getInt(completionTail);
  }

  /** Submits what was laid out, waits for a result, and gives it: a negative errno is a failure. */
  public int await() throws ErrnoException {
    while (!completed()) {
      enter(1);
    }
    ByteBuffer bytes = queues.bytes();
    int head = bytes.getInt(completionHead);
    int result = bytes.getInt(completions + (head & completionMask) * CQE_SIZE + CQE_RES);
    bytes.putInt(completionHead, head + 1);
    return result;
  }

  @Override
  public void close() {
    posix.files().close(descriptor);
  }
}
