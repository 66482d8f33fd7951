package io.strata.posix;

/**
 * The system calls of io_uring, for which libc has no functions. Thread-safe.
 *
 * <p>Source: io_uring_setup(2), io_uring_enter(2); the numbers are the same on all machines.
 */
public final class RingCalls {
  /** {@code struct io_uring_params}. */
  public static final int PARAMS_SIZE = 120;

  private static final int SYS_IO_URING_SETUP = 425;
  private static final int SYS_IO_URING_ENTER = 426;

  private final Native system;

  RingCalls(Native system) {
    this.system = system;
  }

  /**
   * Makes a ring; gives its descriptor.
   *
   * @param entries how many commands can be submitted at a time
   * @param params the address of {@code struct io_uring_params}, which is filled
   */
  public int setup(int entries, long params) throws ErrnoException {
    long fd = system.libc().syscall(SYS_IO_URING_SETUP, entries, params, 0, 0, 0);
    return (int) system.check(fd);
  }

  /**
   * Submits commands, and waits for results.
   *
   * @param flags IORING_ENTER_GETEVENTS and its like
   * @return how many were submitted, or a negative errno
   */
  public int enter(int ring, int submitted, int awaited, int flags) {
    long taken = system.libc().syscall(SYS_IO_URING_ENTER, ring, submitted, awaited, flags, 0);
    return taken < 0 ? -system.lastErrno() : (int) taken;
  }
}
