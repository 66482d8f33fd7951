package io.strata.fuse;

/** Who asks, and what goes for all operations. Belongs to the calling thread. */
public interface Request {
  /** The user of the calling process, as the mount's user namespace has it. */
  int uid();

  /** The group of the calling process. */
  int gid();

  /** The calling thread's id, 0 where the kernel itself asks. */
  int pid();

  /** Whether the caller has meanwhile been interrupted: a long operation ends with EINTR then. */
  boolean interrupted();

  /**
   * Says that this operation will take long (an fsync, the copy of a large file). The transport
   * makes sure that others are served meanwhile.
   */
  void blocking();

  /**
   * Says that this operation is about to store data with {@link Connection#store}.
   *
   * @return whether it may; until the operation ends then
   */
  default boolean mayStore() {
    return false;
  }

  /** Whether a read goes around the kernel's page cache (O_DIRECT). */
  default boolean direct() {
    return false;
  }
}
