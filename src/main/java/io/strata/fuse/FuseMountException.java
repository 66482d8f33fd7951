package io.strata.fuse;

/** Mounting or unmounting failed. The message names the thing and the way out, on one line. */
public final class FuseMountException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * @param errno what the system said, as {@code Errno} of posix has it; 0 where it said nothing
   */
  public FuseMountException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** The system's error number: EBUSY, EPERM, ENOENT...; 0 where there is none. */
  public int errno() {
    return errno;
  }
}
