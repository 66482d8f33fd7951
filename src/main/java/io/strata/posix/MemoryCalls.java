package io.strata.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory from the kernel, by the page. Thread-safe. */
public final class MemoryCalls {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_ANONYMOUS = 32;

  private final Native system;

  MemoryCalls(Native system) {
    this.system = system;
  }

  /**
   * A zeroed buffer that begins with a page and of which no page takes memory before it is touched.
   * Given back when it is no longer reachable.
   *
   * @param capacity in bytes
   * @throws ErrnoException ENOMEM
   */
  public NativeBuffer reserve(int capacity) throws ErrnoException {
    int protection = PROT_READ | PROT_WRITE;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    long address = system.check(system.libc().mmap64(0, capacity, protection, flags, -1, 0));
    MemorySegment memory =
        MemorySegment.ofAddress(address)
            .reinterpret(
                capacity, Arena.ofAuto(), unused -> system.libc().munmap(address, capacity));
    return NativeBuffer.of(memory);
  }
}
