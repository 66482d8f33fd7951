package io.strata.posix;

/**
 * A system call, or an operation of a file system, failed with an errno.
 *
 * <p>Instances are preallocated, one per errno, and carry neither stack trace nor suppressed
 * exceptions, so throwing one costs next to nothing.
 */
public final class ErrnoException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LARGEST = 4095; // MAX_ERRNO of the kernel
  private static final ErrnoException[] ALL = new ErrnoException[LARGEST + 1];

  static {
    for (int errno = 0; errno <= LARGEST; errno++) {
      ALL[errno] = new ErrnoException(errno);
    }
  }

  private final int errno;

  private ErrnoException(int errno) {
    super(null, null, false, false);
    this.errno = errno;
  }

  /**
   * The exception for {@code errno}.
   *
   * @param errno 1 to 4095; anything else gives EIO
   */
  public static ErrnoException of(int errno) {
    return errno >= 1 && errno <= LARGEST ? ALL[errno] : ALL[Errno.EIO];
  }

  /** The error number, 1 to 4095. */
  public int errno() {
    return errno;
  }

  @Override
  public String getMessage() {
    return Errno.describe(errno);
  }
}
