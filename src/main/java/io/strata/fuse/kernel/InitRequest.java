package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;

/**
 * What the kernel offers: {@code struct fuse_init_in}.
 *
 * @param major the protocol's major version, 7 since 2005
 * @param minor its minor version
 * @param maxReadahead the most that it reads ahead, in bytes
 * @param flags {@link InitFlags}, flags2 included
 */
record InitRequest(int major, int minor, int maxReadahead, long flags) {
  private static final int COMPAT_SIZE = 16; // before FUSE_INIT_EXT
  private static final int SIZE = 64;
  private static final int VERSION_SIZE = 8;

  /** Reads the body of an INIT; a future major version may be followed by anything. */
  static InitRequest read(RequestBuffer in) throws ErrnoException {
    in.need(VERSION_SIZE);
    int major = in.u32(0);
    int minor = in.u32(4);
    if (major != Agreement.MAJOR) {
      return new InitRequest(major, minor, 0, 0);
    }
    in.need(COMPAT_SIZE);
    long flags = Integer.toUnsignedLong(in.u32(12));
    if ((flags & InitFlags.FUSE_INIT_EXT) != 0) {
      in.need(SIZE);
      flags |= (long) in.u32(16) << 32;
    }
    return new InitRequest(major, minor, in.u32(8), flags);
  }
}
