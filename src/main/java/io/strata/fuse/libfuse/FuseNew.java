package io.strata.fuse.libfuse;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * {@code fuse_new} of FUSE_2.6. The library has several functions of that name, one of them without
 * a version, which dlsym(3), and so jnr-ffi, would take; hence dlvsym(3).
 */
final class FuseNew {
  private static final String NAME = "fuse_new";
  private static final String VERSION = "FUSE_2.6";
  private static final int RTLD_NOW = 2;

  private final MethodHandle function;

  private FuseNew(MethodHandle function) {
    this.function = function;
  }

  /** Finds it in {@code library}, which is loaded already. */
  static FuseNew in(String library) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle open =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("dlopen"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
      MethodHandle find =
          linker.downcallHandle(linker.defaultLookup().findOrThrow("dlvsym"), words(3));
      long handle = (long) open.invokeExact(arena.allocateFrom(library).address(), RTLD_NOW);
      long address =
          (long)
              find.invokeExact(
                  handle,
                  arena.allocateFrom(NAME).address(),
                  arena.allocateFrom(VERSION).address());
      if (handle == 0 || address == 0) {
        throw new UnsatisfiedLinkError(library + " has no " + NAME + "@" + VERSION);
      }
      return new FuseNew(linker.downcallHandle(MemorySegment.ofAddress(address), words(5)));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(NAME, e); // C throws nothing
    }
  }

  private static FunctionDescriptor words(int count) {
    ValueLayout[] words = new ValueLayout[count];
    Arrays.fill(words, ValueLayout.JAVA_LONG);
    return FunctionDescriptor.of(ValueLayout.JAVA_LONG, words);
  }

  /** Gives {@code struct fuse *}, or 0. */
  long call(long channel, long arguments, OperationTable table) {
    try {
      return (long)
          function.invokeExact(channel, arguments, table.address(), (long) table.size(), 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(NAME, e); // C throws nothing
    }
  }
}
