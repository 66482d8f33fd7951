package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import io.strata.posix.IoUring;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * The memory in which the kernel leaves a request and takes the reply, and the commands that hand
 * it over. Belongs to one thread.
 *
 * <p>Layout: {@code struct fuse_uring_req_header}, at {@link #PAYLOAD} the payload. The kernel
 * gives a request in three pieces: its header, its first argument (which some have not), the others
 * as payload. The first two are copied to where they adjoin the payload, so that the request lies
 * there as read(2) gives it. A reply's header takes the place of the request's, its body is the
 * payload: what follows a request's first argument must be read before the reply is begun.
 */
final class RingEntry {
  private static final int FUSE_IO_URING_CMD_REGISTER = 1;
  private static final int FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2;

  // struct fuse_uring_req_header
  private static final int IN_OUT = 0;
  private static final int OP_IN = 128;
  private static final int OP_IN_SIZE = 128;
  private static final int COMMIT_ID = 264;
  private static final int PAYLOAD_SIZE = 272;
  private static final int HEADER_SIZE = 288;

  private static final int IOVEC = HEADER_SIZE; // two struct iovec, for the registration
  private static final int PAYLOAD = 4096;

  // struct fuse_uring_cmd_req
  private static final int REQ_COMMIT_ID = IoUring.ARGUMENTS + 8;
  private static final int REQ_QUEUE = IoUring.ARGUMENTS + 16;

  final RequestBuffer in;
  final ReplyBuffer out;
  private final NativeBuffer memory;
  private final ByteBuffer bytes;
  private final int device;
  private final int queue;

  /** Throws ENOMEM if there is no memory for one. */
  RingEntry(RingQueue.Place place) throws ErrnoException {
    this.memory = place.posix().memory().reserve(PAYLOAD + Exchange.MAX_TRANSFER);
    this.bytes = memory.bytes();
    this.in = new RequestBuffer(memory);
    this.out = new ReplyBuffer(memory, PAYLOAD);
    this.device = place.device();
    this.queue = place.number();
  }

  /** Lays out the command that gives this memory to the kernel, for its first request. */
  void register(IoUring ring) {
    bytes.putLong(IOVEC, memory.address()).putLong(IOVEC + 8, HEADER_SIZE);
    bytes
        .putLong(IOVEC + 16, memory.address() + PAYLOAD)
        .putLong(IOVEC + 24, Exchange.MAX_TRANSFER);
    ring.command(device, FUSE_IO_URING_CMD_REGISTER, memory.address() + IOVEC, 2)
        .putShort(REQ_QUEUE, (short) queue);
  }

  /** Takes the request that has come; gives whether it is one. */
  boolean accept() {
    int length = bytes.getInt(IN_OUT);
    int payload = bytes.getInt(PAYLOAD_SIZE);
    int first = length - RequestBuffer.HEADER_SIZE - payload;
    if (payload < 0 || payload > Exchange.MAX_TRANSFER || first < 0 || first > OP_IN_SIZE) {
      return in.accept(IN_OUT, RequestBuffer.HEADER_SIZE);
    }
    int start = PAYLOAD - first - RequestBuffer.HEADER_SIZE;
    bytes.put(start, bytes, IN_OUT, RequestBuffer.HEADER_SIZE);
    bytes.put(start + RequestBuffer.HEADER_SIZE, bytes, OP_IN, first);
    return in.accept(start, length);
  }

  /** Lays out the command that takes the reply, and asks for the next request. */
  void commit(IoUring ring, int errno) {
    out.finish(in.unique(), errno, IN_OUT);
    bytes.putInt(PAYLOAD_SIZE, out.bodyLength());
    ring.command(device, FUSE_IO_URING_CMD_COMMIT_AND_FETCH, 0, 0)
        .putLong(REQ_COMMIT_ID, bytes.getLong(COMMIT_ID))
        .putShort(REQ_QUEUE, (short) queue);
  }
}
