package io.strata.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Calls with six arguments")
class SixArgumentsTest {
  @TempDir Path directory;

  @Test
  @DisplayName("pass the sixth: the environment of a program that is started")
  void spawn() throws Exception {
    Path out = directory.resolve("out");
    ProcessCalls processes = Posix.system().processes();
    List<String> command = List.of("sh", "-c", "printf %s \"$WORD\" > " + out);
    int pid =
        processes.spawn(
            command, Map.of("WORD", "said"), Map.of(), ProcessCalls.Inheritance.OTHERS_TOO);
    assertEquals(0, processes.waitFor(pid));
    assertEquals("said", Files.readString(out));
  }

  @Test
  @DisplayName("pass the sixth: no flags for a copy inside the kernel")
  void copyRange() throws Exception {
    Path from = Files.writeString(directory.resolve("from"), "0123456789");
    Path to = Files.writeString(directory.resolve("to"), "");
    NameCalls names = Posix.system().names();
    int in = names.open(NameCalls.AT_FDCWD, bytes(from), NameCalls.O_RDONLY, 0);
    int out = names.open(NameCalls.AT_FDCWD, bytes(to), NameCalls.O_WRONLY, 0);
    assertEquals(4, Posix.system().files().copyFileRange(in, 3, out, 0, 4));
    assertEquals("3456", Files.readString(to));
    Posix.system().files().close(in);
    Posix.system().files().close(out);
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(US_ASCII);
  }
}
