package io.strata.fuse.kernel;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import java.nio.charset.StandardCharsets;

/**
 * An open descriptor of /dev/fuse that belongs to a mount. Thread-safe, until closed.
 *
 * <p>Source: fs/fuse/dev.c of the kernel, for what its errors mean.
 */
final class Device {
  static final byte[] PATH = "/dev/fuse".getBytes(StandardCharsets.US_ASCII);

  /** The connection has ended: what {@link #receive} gives when there is no more. */
  static final int ENDED = -1;

  /** No request waits: what {@link #tryReceive} gives then. */
  static final int NOTHING = -2;

  private static final short POLLIN = 1;
  private static final int POLLFD_SIZE = 8; // struct pollfd

  private static final long FUSE_DEV_IOC_CLONE = 0x8004e500L; // _IOR(229, 0, uint32_t)

  /** How a reply fared. */
  enum Sent {
    DELIVERED,
    /** The kernel has given up the request. */
    UNWANTED,
    /** The kernel holds that the reply is malformed, and has failed the request. */
    REFUSED,
    ENDED
  }

  private final Posix posix;
  private final FileCalls files;
  private final int descriptor;
  private final ThreadLocal<NativeBuffer> sleepers =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(POLLFD_SIZE));

  /**
   * Takes over an open descriptor, and makes it non-blocking.
   *
   * @throws ErrnoException if it is none
   */
  Device(Posix posix, int descriptor) throws ErrnoException {
    this.posix = posix;
    this.files = posix.files();
    this.descriptor = descriptor;
    files.fcntl(descriptor, FileCalls.F_SETFL, NameCalls.O_RDWR | NameCalls.O_NONBLOCK);
  }

  int descriptor() {
    return descriptor;
  }

  /** A second descriptor of the same mount, with a queue of its own for what it has read. */
  Device cloned() throws ErrnoException {
    int fd = posix.names().open(NameCalls.AT_FDCWD, PATH, NameCalls.O_RDWR, 0);
    try {
      NativeBuffer argument = NativeBuffer.allocate(4);
      argument.bytes().putInt(0, descriptor);
      files.ioctl(fd, FUSE_DEV_IOC_CLONE, argument.address());
      return new Device(posix, fd);
    } catch (ErrnoException e) {
      files.close(fd);
      throw e;
    }
  }

  /** Waits for a request and reads it; gives its length, or {@link #ENDED}. */
  int receive(NativeBuffer buffer) {
    int received = tryReceive(buffer);
    while (received == NOTHING) {
      await();
      received = tryReceive(buffer);
    }
    return received;
  }

  /** Reads a request if there is one; gives its length, {@link #NOTHING} or {@link #ENDED}. */
  int tryReceive(NativeBuffer buffer) {
    while (true) {
      int received = files.readOrErrno(descriptor, buffer.address(), buffer.capacity());
      if (received >= 0) {
        return received;
      }
      switch (-received) {
        // ENOENT: the request was interrupted before it was read
        case Errno.EINTR, Errno.ENOENT -> {}
        case Errno.EAGAIN -> {
          return NOTHING;
        }
        default -> {
          return ENDED; // ENODEV: unmounted; ECONNABORTED: aborted
        }
      }
    }
  }

  /** Sleeps until there may be a request, or the end. */
  void await() {
    NativeBuffer wanted = sleepers.get();
    wanted.bytes().putInt(0, descriptor).putShort(4, POLLIN);
    try {
      files.poll(wanted.address(), 1, -1);
    } catch (ErrnoException e) {
      // EINTR: look, and sleep again
    }
  }

  /** Sends the first {@code length} bytes as one reply. */
  Sent send(NativeBuffer buffer, int length) {
    return send(buffer, 0, length);
  }

  /** Sends {@code length} bytes from byte {@code from} on as one reply or notification. */
  Sent send(NativeBuffer buffer, int from, int length) {
    while (true) {
      try {
        files.write(descriptor, buffer.address() + from, length);
        return Sent.DELIVERED;
      } catch (ErrnoException e) {
        switch (e.errno()) {
          case Errno.EINTR, Errno.EAGAIN -> {}
          case Errno.ENOENT -> {
            return Sent.UNWANTED;
          }
          case Errno.ENODEV, Errno.ECONNABORTED, Errno.EBADF, Errno.EPERM -> {
            return Sent.ENDED;
          }
          default -> {
            return Sent.REFUSED;
          }
        }
      }
    }
  }

  void close() {
    files.close(descriptor);
  }
}
