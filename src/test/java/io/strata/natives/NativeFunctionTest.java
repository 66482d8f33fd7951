package io.strata.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A native function")
class NativeFunctionTest {
  private static final int EBADF = 9;

  private final SharedLibrary libc = SharedLibrary.ofProcess();

  @Test
  @DisplayName("takes numbers of 64 bits and gives one")
  void wideNumbers() {
    assertEquals(1L << 40, libc.function("labs").call(-(1L << 40)));
    assertEquals(ProcessHandle.current().pid(), (int) libc.function("getpid").call());
  }

  @Test
  @DisplayName("gives an int in the lower half of its result, and errno besides")
  void failures() {
    assertEquals(-1, (int) libc.function("close").call(-1));
    assertEquals(EBADF, NativeFunction.errno());
  }

  @Test
  @DisplayName("takes more than six arguments, each in its place")
  void manyArguments() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(64);
      MemorySegment format = arena.allocateFrom("%ld %ld %ld %ld %ld %ld");
      long length =
          libc.function("snprintf")
              .callMany(target.address(), target.byteSize(), format.address(), 1, 2, 3, 4, 5, 6);
      assertEquals("1 2 3 4 5 6", target.getString(0));
      assertEquals(11, (int) length);
    }
  }

  @Test
  @DisplayName("that gives a string is asked for that")
  void string() {
    assertTrue(libc.function("gnu_get_libc_version").callForString().matches("2\\.[0-9]+.*"));
  }

  @Test
  @DisplayName("that is missing says so when it is called")
  void missing() {
    NativeFunction function = libc.function("no_such_function");
    assertFalse(function.isThere());
    assertTrue(libc.function("read").isThere());
    UnsatisfiedLinkError error = assertThrows(UnsatisfiedLinkError.class, function::call);
    assertEquals("no_such_function is not in this system's library", error.getMessage());
  }

  @Test
  @DisplayName("of a library that is missing is not looked for: the library's name is said")
  void missingLibrary() {
    UnsatisfiedLinkError error =
        assertThrows(UnsatisfiedLinkError.class, () -> SharedLibrary.open("libnothing.so.7"));
    assertTrue(String.valueOf(error.getMessage()).contains("libnothing.so.7"));
  }
}
