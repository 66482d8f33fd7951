package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Arguments as bytes")
class RawArgumentsTest {
  // java image cat caf<e9> caf<e8> café
  private static final byte[] LINE =
      "java\0image\0cat\0caf\u00e9\0caf\u00e8\0caf\u00c3\u00a9\0"
          .getBytes(StandardCharsets.ISO_8859_1);

  @Test
  @DisplayName("are found again though Java could not decode them, each in its turn")
  void undecodable() {
    RawArguments raw = RawArguments.of(LINE, StandardCharsets.UTF_8);
    assertArrayEquals(latin("caf\u00e9"), raw.bytes("caf\ufffd"));
    assertArrayEquals(latin("caf\u00e8"), raw.bytes("caf\ufffd"));
    assertArrayEquals(latin("caf\u00c3\u00a9"), raw.bytes("caf\u00e9"));
  }

  @Test
  @DisplayName("that are none are UTF-8")
  void others() {
    RawArguments raw = RawArguments.of(LINE, StandardCharsets.UTF_8);
    assertArrayEquals("\u00fc".getBytes(StandardCharsets.UTF_8), raw.bytes("\u00fc"));
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
