package io.strata.posix;

import java.nio.ByteBuffer;

/**
 * Where one thread lays out the arguments of a call: two paths, a structure, an attribute's name.
 */
final class Scratch {
  /** PATH_MAX of linux/limits.h, its NUL included. */
  static final int PATH_MAX = 4096;

  static final int STRUCT_SIZE = 512;

  private static final int SECOND_PATH = PATH_MAX;
  private static final int STRUCT = 2 * PATH_MAX;
  private static final int SIZE = STRUCT + STRUCT_SIZE;

  private static final ThreadLocal<Scratch> PER_THREAD = ThreadLocal.withInitial(Scratch::new);

  private final NativeBuffer memory = NativeBuffer.allocateAligned(SIZE, 64);

  static Scratch ofThread() {
    return PER_THREAD.get();
  }

  /** Lays out {@code path} with its NUL; gives its address. */
  long firstPath(byte[] path) throws ErrnoException {
    return path(path, 0);
  }

  long secondPath(byte[] path) throws ErrnoException {
    return path(path, SECOND_PATH);
  }

  private long path(byte[] path, int at) throws ErrnoException {
    if (path.length >= PATH_MAX) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    ByteBuffer bytes = memory.bytes();
    bytes.put(at, path);
    bytes.put(at + path.length, (byte) 0);
    return memory.address() + at;
  }

  /** The structure area, {@link #STRUCT_SIZE} bytes. */
  long structAddress() {
    return memory.address() + STRUCT;
  }

  ByteBuffer bytes() {
    return memory.bytes();
  }

  /** Where the structure area begins in {@link #bytes()}. */
  int structOffset() {
    return STRUCT;
  }
}
