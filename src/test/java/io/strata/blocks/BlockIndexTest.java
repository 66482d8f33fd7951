package io.strata.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A block index")
class BlockIndexTest {
  @TempDir Path directory;

  @Test
  @DisplayName("has its fields where the format says")
  void format() throws Exception {
    String sha512 = "ab".repeat(64);
    Part first = new Part(0, 96, new PartDigest(1, 2, 3));
    Part second = new Part(96, 5, new PartDigest(-1, 4, 5));
    byte[] bytes = new BlockIndex(sha512, List.of(first, second)).bytes();
    String expected =
        "5351424c4f434b53" // magic: SQBLOCKS
            + "00000001" // version
            + "00000002" // parts
            + "0000000000000065" // length of the image: 101
            + sha512
            + "0000000000000000" // offset
            + "00000060" // length
            + "0000000000000001000000000000000200000003" // digest
            + "0000000000000060" // offset
            + "00000005" // length
            + "ffffffffffffffff000000000000000400000005"; // digest
    assertEquals(expected, HexFormat.of().formatHex(bytes));
    assertEquals(new BlockIndex(sha512, List.of(first, second)), BlockIndex.read(bytes));
  }

  @Test
  @DisplayName("that contradicts itself is refused")
  void refusals() {
    Part part = new Part(0, 96, new PartDigest(1, 2, 3));
    byte[] good = new BlockIndex("ab".repeat(64), List.of(part)).bytes();
    refused(new byte[0]);
    refused(changed(good, 0, (byte) 'X')); // magic
    refused(changed(good, 11, (byte) 2)); // version
    refused(changed(good, 15, (byte) 0)); // no parts
    refused(changed(good, 12, (byte) 0xff)); // 2^32 - 2^24 + 1 parts
    refused(changed(good, 23, (byte) 97)); // length of the image
    refused(changed(good, 95, (byte) 1)); // the first part is not at 0
    refused(changed(good, 99, (byte) 0)); // a part of no bytes
    refused(changed(good, 96, (byte) 0x80)); // a part of less than none
    refused(changed(good, 97, (byte) 0x21)); // a part that is too long
    refused(java.util.Arrays.copyOf(good, good.length - 1));
    refused(java.util.Arrays.copyOf(good, good.length + 1));
  }

  private static byte[] changed(byte[] good, int at, byte value) {
    byte[] bytes = good.clone();
    bytes[at] = value;
    return bytes;
  }

  private static void refused(byte[] bytes) {
    assertThrows(BlockIndexException.class, () -> BlockIndex.read(bytes));
  }

  @Test
  @DisplayName("of an image of any compressor covers it, with a part for each block")
  void images() throws Exception {
    Path tree = tree();
    for (String compressor : List.of("lzo", "zstd", "gzip", "xz", "lz4")) {
      Path image = directory.resolve(compressor);
      ImageTools.mksquashfs(tree, image, "-comp", compressor, "-b", "4096");
      BlockIndex index = BlockIndex.of(image);
      byte[] content = Files.readAllBytes(image);
      assertEquals(content.length, index.length());
      assertEquals(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(content)),
          index.imageSha512());
      Set<Long> begins = new HashSet<>();
      for (Part part : index.parts()) {
        begins.add(part.offset());
        assertEquals(PartDigest.of(content, (int) part.offset(), part.length()), part.digest());
      }
      ByteBuffer superblock = ByteBuffer.wrap(content).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      for (int field : new int[] {48, 64, 72, 80, 88}) { // where the tables are
        assertTrue(begins.contains(superblock.getLong(field)), compressor + " " + field);
      }
      // 50 blocks of 4 KiB that do not compress, and some that do.
      assertTrue(index.parts().size() > 55, compressor + " " + index.parts().size());
      assertTrue(index.parts().stream().allMatch(part -> part.length() <= 8194), compressor);
      assertEquals(index, BlockIndex.read(index.bytes()));
    }
  }

  @Test
  @DisplayName("shares most parts with that of an image in which one file changed")
  void sharing() throws Exception {
    Path tree = tree();
    Path one = ImageTools.mksquashfs(tree, directory.resolve("1"), "-b", "4096");
    Files.writeString(tree.resolve("middle"), "changed");
    Path two = ImageTools.mksquashfs(tree, directory.resolve("2"), "-b", "4096");
    Set<PartDigest> known = new HashSet<>();
    BlockIndex.of(one).parts().forEach(part -> known.add(part.digest()));
    BlockIndex other = BlockIndex.of(two);
    long missing =
        other.parts().stream()
            .filter(part -> !known.contains(part.digest()))
            .mapToLong(Part::length)
            .sum();
    assertTrue(missing < other.length() / 10, missing + " of " + other.length());
  }

  @Test
  @DisplayName("of a damaged image is not made")
  void damaged() throws Exception {
    Path image = ImageTools.mksquashfs(tree(), directory.resolve("1"));
    byte[] content = Files.readAllBytes(image);
    ByteBuffer bytes = ByteBuffer.wrap(content).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((int) bytes.getLong(64), (short) 0); // the head of the inode table's first block
    Files.write(image, content);
    assertThrows(IOException.class, () -> BlockIndex.of(image));
    Path text = Files.writeString(directory.resolve("text"), "no image");
    assertThrows(IOException.class, () -> BlockIndex.of(text));
  }

  private Path tree() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    byte[] noise = new byte[200_000];
    new Random(5).nextBytes(noise);
    Files.write(tree.resolve("after"), noise);
    Files.writeString(tree.resolve("before"), "words and words ".repeat(3000));
    Files.writeString(tree.resolve("middle"), "unchanged");
    Files.writeString(tree.resolve("sparse"), "");
    try (var sparse = new java.io.RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(50_000);
    }
    for (int i = 0; i < 300; i++) {
      Files.writeString(
          Files.createDirectories(tree.resolve("d" + i % 7)).resolve("f" + i), "" + i);
    }
    return tree;
  }
}
