package io.strata.fuse.libfuse;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * libfuse's {@code fuse_fill_dir_t}: {@code int (*)(void *buf, const char *name, const struct stat
 * *, off_t)}, which gives 1 when the buffer is full.
 *
 * @param function its address
 * @param buffer what it wants first
 */
record Filler(long function, long buffer) {
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG));

  boolean add(long name, long stat, long next) {
    try {
      return (int) CALL.invokeExact(MemorySegment.ofAddress(function), buffer, name, stat, next)
          == 0;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("libfuse's fill_dir", e); // C throws nothing
    }
  }
}
