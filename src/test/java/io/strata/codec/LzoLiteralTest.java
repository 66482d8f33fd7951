package io.strata.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("LZO1X, instruction by instruction,")
class LzoLiteralTest {
  static Stream<Decompressor> both() {
    return Stream.of(Decompressors.of(Compression.LZO), new LzoJavaDecompressor());
  }

  private static String decode(Decompressor lzo, String hex) throws CodecException {
    byte[] block = HexFormat.of().parseHex(hex.replaceAll("#[^\n]*\n|\\s", ""));
    return new String(Blocks.decompress(lzo, block, 100), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("both")
  @DisplayName("starts with a literal run of its own form when the first byte is over 17")
  void firstByte(Decompressor lzo) throws CodecException {
    String block =
        """
        16          # 22 - 17 = 5 literals
        68656c6c6f  # hello
        11 0000     # end
        """;
    assertEquals("hello", decode(lzo, block));
  }

  @ParameterizedTest
  @MethodSource("both")
  @DisplayName("takes a first run of one to three literals as trailing literals of a match")
  void shortFirstRun(Decompressor lzo) throws CodecException {
    String block =
        """
        13 6162     # 19 - 17 = 2 literals: ab
        04 00       # M1 after 1-3 literals: offset (0 << 2) + (4 >> 2) + 1 = 2, length 2
        11 0000     # end
        """;
    assertEquals("abab", decode(lzo, block));
  }

  @ParameterizedTest
  @MethodSource("both")
  @DisplayName("knows every kind of match, near, far and overlapping")
  void matches(Decompressor lzo) throws CodecException {
    String block =
        """
        01 61626364 # literal run of 3 + 1: abcd
        6d 00 78    # M2: length 4, offset ((0x6d >> 2) & 7) + 1 = 4, then 1 literal: x
        25 0000     # M3: length 5 + 2 = 7, offset 1
        11 0000     # end
        """;
    assertEquals("abcdabcdxxxxxxxx", decode(lzo, block));
  }

  @ParameterizedTest
  @MethodSource("both")
  @DisplayName("refuses what no encoder makes, and says what is wrong")
  void malformed(Decompressor lzo) {
    assertRefused(lzo, "before the block", "12 61 40 20 11 00 00");
    assertRefused(lzo, "end", "16 68 65");
    assertRefused(lzo, "after the end", "16 68656c6c6f 11 0000 00");
    assertRefused(lzo, "yields more than 100", "16 68656c6c6f 20 00 00 00 00 01 00 00 11 00 00");
  }

  @ParameterizedTest
  @MethodSource("both")
  @DisplayName("ends with a match of length 3 at distance 0, and no other, as the kernel has it")
  void endMarker(Decompressor lzo) throws CodecException {
    assertEquals("h", decode(lzo, "12 68 11 0000"));
    assertEquals("h", decode(lzo, "12 68 11 0300"), "two bits are free");
    assertEquals("hhh\20", decode(lzo, "12 68 01 00 10 11 0000"), "0x10 is a literal here");
    assertRefused(lzo, "a damaged end marker", "12 68 12 0000");
    assertRefused(lzo, "a damaged end marker", "12 68 10 11 0000");
    assertRefused(lzo, "yields more than 100", "12 68 10 00 00 11 0000");
  }

  private static void assertRefused(Decompressor lzo, String why, String hex) {
    CodecException e = assertThrows(CodecException.class, () -> decode(lzo, hex));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(why), message);
  }
}
