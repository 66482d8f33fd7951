package io.strata.fuse.kernel;

import io.strata.fuse.FuseMountException;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.IoUring;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether requests can go over io_uring here, and what it takes. */
final class RingOffer {
  /** The parameter of the kernel's fuse module, {@code Y} or {@code N}. */
  static final Path SWITCH = Path.of("/sys/module/fuse/parameters/enable_uring");

  private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");

  private static final String WHAT = "FUSE over io_uring";

  private RingOffer() {}

  /**
   * Checks that the kernel offers it, and lets this process use it.
   *
   * @throws FuseMountException if not, with the way out
   */
  static void check(Posix posix) throws FuseMountException {
    String value;
    try {
      value = Files.readString(SWITCH).strip();
    } catch (IOException e) {
      throw missing();
    }
    if (!value.equals("Y")) {
      throw new FuseMountException(
          Errno.EOPNOTSUPP,
          WHAT + " is switched off; as root: echo Y > " + SWITCH + ", or mount without io_uring");
    }
    try {
      IoUring.open(posix).close();
    } catch (ErrnoException e) {
      throw refused(e.errno());
    }
  }

  /** The kernel does not know it. */
  static FuseMountException missing() {
    return new FuseMountException(
        Errno.EOPNOTSUPP,
        WHAT
            + " is not in this kernel (no "
            + SWITCH
            + "); take Linux 6.14 or later with CONFIG_FUSE_IO_URING, or mount without io_uring");
  }

  /** The kernel does not make rings for this process. */
  static FuseMountException refused(int errno) {
    String why =
        switch (errno) {
          case Errno.EPERM, Errno.EACCES ->
              "; see the sysctl kernel.io_uring_disabled and the container's system call filter";
          case Errno.ENOMEM -> "; see the limit of locked memory (ulimit -l)";
          case Errno.EMFILE, Errno.ENFILE -> "; see the limit of open files (ulimit -n)";
          default -> "";
        };
    String message = WHAT + ": " + Errno.describe(errno) + why + "; or mount without io_uring";
    return new FuseMountException(errno, message);
  }

  /** How many queues the kernel wants: one for each processor that there may ever be. */
  static int queues() throws FuseMountException {
    try {
      return count(Files.readString(POSSIBLE).strip());
    } catch (IOException | NumberFormatException e) {
      throw new FuseMountException(Errno.EIO, POSSIBLE + ": unreadable; is /sys mounted?");
    }
  }

  /** How many numbers a list such as {@code 0-3,6} has. */
  static int count(String list) {
    int sum = 0;
    for (String range : list.split(",")) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = Integer.parseInt(range.substring(dash + 1));
      sum += last - first + 1;
    }
    return sum;
  }
}
