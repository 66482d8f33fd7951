package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A block list")
class BlockListTest {
  private static final long IMAGE_LENGTH = 0x1000;

  private static BlockList read(String hex) throws IOException, DeltaException {
    byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("#[^\n]*\n|\\s", ""));
    int count = bytes.length / BlockList.ENTRY_SIZE;
    return BlockList.read(new Vcdiffs.Memory(bytes), 0, count).check(IMAGE_LENGTH);
  }

  @Test
  @DisplayName("holds offset, length and uncompressed length of each block")
  void fields() throws Exception {
    String hex =
        """
        00000060 00000010 00000020 # offset 96, length 16, uncompressed 32
        00000070 00000f90 00100000 # right behind it, to the end of the image, 1 MiB
        """;
    BlockList list = read(hex);
    assertEquals(2, list.size());
    assertEquals(96, list.offset(0));
    assertEquals(16, list.length(0));
    assertEquals(32, list.uncompressedLength(0));
    assertEquals(0x70, list.offset(1));
    assertEquals(16 + 0xf90, list.compressedLength());
    assertEquals(32 + (1 << 20), list.uncompressedLength());
    assertEquals(1 << 20, list.largestUncompressed());
    ByteBuffer written = ByteBuffer.allocate(24);
    list.write(written);
    assertEquals(hex.replaceAll("#[^\n]*\n|\\s", ""), HexFormat.of().formatHex(written.array()));
    byte[] part = new byte[7];
    list.copy(9, part, 1, 6); // "000020 000000", from the ninth byte on
    assertEquals("00" + "000020" + "000000", HexFormat.of().formatHex(part));
  }

  @Test
  @DisplayName("finds the block at any place, of the image and of the uncompressed blocks")
  void places() throws Exception {
    Random random = new Random(5);
    List<Block> blocks = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < 100; i++) {
      offset += random.nextInt(3);
      Block block = new Block(offset, 1 + random.nextInt(3), 1 + random.nextInt(4));
      blocks.add(block);
      offset += block.length();
    }
    BlockList list = BlockList.of(blocks).check(offset);
    long start = 0;
    for (int i = 0; i < 100; i++) {
      assertEquals(start, list.plainStart(i));
      for (int inside = 0; inside < list.uncompressedLength(i); inside++) {
        assertEquals(i, list.plainAt(start + inside));
      }
      start += list.uncompressedLength(i);
      assertEquals(i, list.atOrBefore(list.offset(i)));
      assertEquals(i, list.atOrBefore(list.end(i) - 1));
      assertEquals(i - 1, list.atOrBefore(list.offset(i) - 1));
    }
    assertEquals(start, list.plainStart(100));
  }

  @Test
  @DisplayName("takes offsets over 2 GiB")
  void largeOffset() throws Exception {
    byte[] bytes = HexFormat.of().parseHex("fffffff0" + "0000000f" + "00000001");
    BlockList list = BlockList.read(new Vcdiffs.Memory(bytes), 0, 1).check(0xffff_ffffL);
    assertEquals(0xffff_fff0L, list.offset(0));
  }

  @ParameterizedTest
  @CsvSource({
    "length 0,                       00000060 00000000 00000020",
    "length 4294967295,              00000060 ffffffff 00000020",
    "uncompressed length 0,          00000060 00000010 00000000",
    "uncompressed length 1048577,    00000060 00000010 00100001",
    "uncompressed length 4294967295, 00000060 00000010 ffffffff",
    "the image at 4096,              00000ff1 00000010 00000020",
    "the image at 4096,              ffffffff 00000010 00000020",
    "length 2147483647,              00000001 7fffffff 00000020",
    "length 1048577,                 00000001 00100001 00000020",
    "overlaps, 00000060 00000010 00000020 0000006f 00000010 00000020",
    "overlaps, 00000070 00000010 00000020 00000060 00000010 00000020"
  })
  @DisplayName("is refused where a block is empty, too large, outside, or over another")
  void refused(String why, String hex) {
    DeltaException e = assertThrows(DeltaException.class, () -> read(hex));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(why), message);
    assertTrue(message.matches("block [01] at offset \\d+ .*"), message);
  }
}
