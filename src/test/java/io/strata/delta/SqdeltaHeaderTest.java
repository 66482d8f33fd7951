package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The .sqdelta header")
class SqdeltaHeaderTest {
  private static SqdeltaHeader read(String hex) throws DeltaException {
    byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("#[^\n]*\n|\\s", ""));
    return SqdeltaHeader.read(ByteBuffer.wrap(bytes), 0);
  }

  @Test
  @DisplayName("of a real file says LZO, level 9, optimized, and the number of blocks")
  void real() throws DeltaException {
    SqdeltaHeader header =
        read(
            """
            5371ceb4 # magic
            00000000 # flags
            01000019 # compression: LZO, 0x10 optimized, level 9
            00000068 # block count
            """);
    assertEquals(new SqdeltaCompression.Lzo(9, true), header.compression());
    assertEquals(104, header.blockCount());
    assertEquals(16 + 104 * 12, header.lengthWithList());
  }

  @ParameterizedTest
  @CsvSource({
    "01000001, 'lzo, level 1'",
    "01000018, 'lzo, level 8, optimized'",
    "02000000, lz4",
    "02000001, 'lz4, high compression'"
  })
  @DisplayName("knows each compressor and its options, and writes what it read")
  void compressors(String word, String name) throws DeltaException {
    String hex = "5371ceb4 00000000 " + word + " 00000001";
    SqdeltaHeader header = read(hex);
    assertEquals(name, header.compression().toString());
    ByteBuffer written = ByteBuffer.allocate(SqdeltaHeader.SIZE);
    header.write(written);
    assertEquals(hex.replace(" ", ""), HexFormat.of().formatHex(written.array()));
  }

  @ParameterizedTest
  @CsvSource({
    "magic,                 5371ceb5 00000000 01000019 00000001",
    "flags,                 5371ceb4 00000001 01000019 00000001",
    "flags,                 5371ceb4 80000000 01000019 00000001",
    "unknown compressor,    5371ceb4 00000000 00000000 00000001",
    "unknown compressor,    5371ceb4 00000000 03000000 00000001",
    "LZO level 0,           5371ceb4 00000000 01000010 00000001",
    "LZO level 10,          5371ceb4 00000000 0100001a 00000001",
    "unknown LZO options,   5371ceb4 00000000 01000109 00000001",
    "unknown LZO options,   5371ceb4 00000000 01000029 00000001",
    "unknown LZ4 options,   5371ceb4 00000000 02000002 00000001",
    "too many blocks,       5371ceb4 00000000 01000019 00400001",
    "too many blocks,       5371ceb4 00000000 01000019 ffffffff"
  })
  @DisplayName("is refused for each word that is not known")
  void refused(String why, String hex) {
    DeltaException e = assertThrows(DeltaException.class, () -> read(hex));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(why), message);
  }

  @Test
  @DisplayName("is refused for each bit, and each compressor, that has no meaning")
  void eachBit() {
    for (int bit = 0; bit < 32; bit++) {
      assertUnknown(1 << bit, 0x01000019);
    }
    for (int bit = 5; bit < 24; bit++) {
      assertUnknown(0, 0x01000019 | 1 << bit);
    }
    for (int bit = 1; bit < 24; bit++) {
      assertUnknown(0, 0x02000001 | 1 << bit);
    }
    for (int compressor = 0; compressor < 256; compressor++) {
      if (compressor != 1 && compressor != 2) {
        assertUnknown(0, compressor << 24 | 0x19);
      }
    }
  }

  private static void assertUnknown(int flags, int compression) {
    String hex = "5371ceb4 %08x %08x 00000001".formatted(flags, compression);
    DeltaException e = assertThrows(DeltaException.class, () -> read(hex), hex);
    assertTrue(String.valueOf(e.getMessage()).startsWith("unknown "), e.toString());
  }

  @Test
  @DisplayName("may name any compressor where no block is listed")
  void noBlocks() throws DeltaException {
    assertEquals(
        new SqdeltaCompression.None(0x06000003),
        read("5371ceb4 00000000 06000003 00000000").compression());
    assertEquals(
        new SqdeltaCompression.None(0), read("5371ceb4 00000000 00000000 00000000").compression());
    assertEquals(
        new SqdeltaCompression.Lz4(true),
        read("5371ceb4 00000000 02000001 00000000").compression());
  }
}
