package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An image that was made to break its readers")
@Timeout(300)
class HostileImageTest extends HostileImageFixture {
  @Test
  @DisplayName("by 3000 directories in each other is looked up to its end")
  void deep() throws IOException {
    SquashFsImage image = open(HostileImages.deep(3000));
    assertEquals(3000, find(image, "d/".repeat(2998) + "d").inodeNumber());
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by a file of 2^60 bytes is EIO there")
  void hugeFile() throws IOException {
    SquashFsImage image = open(HostileImages.hugeFile());
    assertThrows(CorruptImageException.class, () -> find(image, "bomb"));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by a file with a list of ten million holes is read at its end, and sought through")
  void holes() throws IOException {
    byte[] bytes = HostileImages.holes(10_000_000);
    assertTrue(bytes.length < 400_000, "length " + bytes.length);
    SquashFsImage image = open(bytes);
    FileInode bomb = (FileInode) find(image, "bomb");
    assertEquals(10_000_000L << 20, bomb.size());
    buffer.bytes().put(0, (byte) 1);
    for (int i = 0; i < 2000; i++) {
      assertEquals(1, image.read(bomb, bomb.size() - 1 - i * 5000L * MIB, 1, buffer, 0));
      assertEquals(0, buffer.bytes().get(0));
    }
    assertEquals(-1, image.seekData(bomb, 0));
    assertEquals(0, image.seekHole(bomb, 0));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by more blocks in a file than any file has is EIO there")
  void tooManyBlocks() throws IOException {
    ImageBuilder image = new ImageBuilder().blockLog(12);
    TableBytes table = image.inodes;
    long file = image.extended(2, 96, (BlockList.MAX_COUNT + 1) << 12);
    while (table.length() < 8192 * 100) {
      table.u64(0);
    }
    long root = image.directory(1, 3);
    image.list(root, new ImageBuilder.Entry("bomb", ImageBuilder.FILE, file, 2));
    image.root(root);
    SquashFsImage opened = open(image.build());
    assertThrows(CorruptImageException.class, () -> find(opened, "bomb"));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @DisplayName("by a table of 2^32 - 1 entries in a sparse file takes no memory for it")
  @CsvSource({"sb.fragments,false,16", "sb.inodes,true,8"})
  void hugeTables(String count, boolean exports, int entrySize) throws IOException {
    HandMadeImage made = new HandMadeImage().set(count, -1, 4);
    long index = 4096;
    long indexLength = 8 * (((1L << 32) - 1) * entrySize / 8192 + 1);
    long end = 1L << 20 << 10;
    // The index of the table begins behind everything else, and so do those that follow it.
    Path file = temp.resolve("sparse.sqfs");
    byte[] bytes = made.bytes();
    index = bytes.length;
    made.set(exports ? "sb.lookup_table" : "sb.fragment_table", index, 8);
    made.set("sb.lookup_table", exports ? index : -1, 8);
    made.set("sb.xattr_table", -1, 8);
    made.set("sb.fragments", exports ? 0 : -1, 4);
    made.set("sb.id_table", index + indexLength, 8);
    made.set("sb.bytes_used", end, 8);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(end);
      out.write(made.bytes());
      out.seek(index + indexLength);
      out.write(bytes, made.at("ids.index"), 8);
    }
    long before = used();
    try (SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL)) {
      long more = used() - before;
      assertTrue(more < 16 * MIB, "heap: " + more);
      Inode big = image.inode(image.lookup(image.root(), ascii("link")));
      assertEquals("big", new String(image.symlinkTarget((SymlinkInode) big), "US-ASCII"));
      if (exports) {
        assertThrows(CorruptImageException.class, () -> image.referenceOf(0xfffffff0L));
      } else {
        FileInode file1 = (FileInode) image.inode(image.lookup(image.root(), ascii("big")));
        assertThrows(CorruptImageException.class, () -> image.read(file1, 4096, 5, buffer, 0));
      }
    }
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  @DisplayName("by 2000 files with the same list of two million holes keeps within its memory")
  void manyLists() throws IOException {
    SquashFsImage image = open(HostileImages.manyLists(2000, 100_000));
    long before = used();
    for (int i = 0; i < 2000; i++) {
      FileInode file = (FileInode) find(image, "f%05d".formatted(i));
      image.seekHole(file, file.size() - 1);
      image.read(file, file.size() - 1, 1, buffer, 0);
    }
    long more = used() - before;
    assertTrue(more < 16 * MIB, "heap: " + more);
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("with an xattr table of no entries is refused, as the kernel refuses it")
  void emptyXattrs() throws Exception {
    HandMadeImage made = new HandMadeImage().set("xattr_table.ids", 0, 4);
    Path image = made.write(temp.resolve("image"));
    CorruptImageException refusal =
        assertThrows(CorruptImageException.class, () -> SquashFsImage.open(image));
    assertTrue(String.valueOf(refusal.getMessage()).contains("no entries"), refusal::getMessage);
    TestData.needsRoot();
    assertThrows(IOException.class, () -> ImageTools.KernelMount.of(image, temp));
  }

  @Test
  @DisplayName("with several inodes of a number, and no export table, finds none by that number")
  void ambiguousNumber() throws IOException {
    SquashFsImage image = open(HostileImages.loopByNumber(false));
    String message =
        String.valueOf(
            assertThrows(CorruptImageException.class, () -> image.referenceOf(2)).getMessage());
    assertTrue(message.contains("more than one inode has the number 2"), message);
    assertEquals(find(image, "good").reference(), image.referenceOf(4));
    assertEquals(SquashFsImage.NOT_FOUND, image.referenceOf(5));
  }
}
