package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.strata.TestData;
import io.strata.posix.NativeBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

@DisplayName("An image that was made to break its readers")
@Timeout(300)
class HostileImageTest {
  private static final int MIB = 1 << 20;

  @TempDir Path temp;
  private final NativeBuffer buffer = NativeBuffer.allocate(MIB);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private SquashFsImage open(byte[] bytes) throws IOException {
    Path file = Files.write(temp.resolve("image" + open.size() + ".sqfs"), bytes);
    SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL);
    open.add(image);
    return image;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Inode find(SquashFsImage image, String path) throws IOException {
    Inode inode = image.root();
    for (String name : path.split("/")) {
      long reference = image.lookup((DirectoryInode) inode, ascii(name));
      assertTrue(reference >= 0, path);
      inode = image.inode(reference);
    }
    return inode;
  }

  private String text(SquashFsImage image, String path) throws IOException {
    int length = image.read((FileInode) find(image, path), 0, MIB, buffer, 0);
    byte[] bytes = new byte[length];
    buffer.bytes().get(0, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private void assertGoodIsReadable(SquashFsImage image) throws IOException {
    assertEquals(HostileImages.GOOD, text(image, "good"));
  }

  /** Counts the entries below a directory; damaged ones too, into which it does not go. */
  private static int count(SquashFsImage image, DirectoryInode directory) throws IOException {
    int entries = 0;
    DirectoryCursor cursor = image.newDirectoryCursor().open(directory, 0);
    List<DirectoryInode> below = new ArrayList<>();
    while (cursor.next()) {
      entries++;
      try {
        if (image.inode(cursor) instanceof DirectoryInode inside) {
          below.add(inside);
        }
      } catch (CorruptImageException e) {
        assertTrue(e.offset() > 0, e::getMessage);
      }
    }
    for (DirectoryInode inside : below) {
      entries += count(image, inside);
    }
    return entries;
  }

  @Test
  @DisplayName("by directories with two names is walked once, and the second names are EIO")
  void doubling() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    assertEquals(2 * 60 + 1, count(image, image.root()));
    assertEquals(2 * 60 + 1, count(image, image.root()), "the same a second time");
    assertThrows(CorruptImageException.class, () -> find(image, "b"));
    assertEquals(2, find(image, "a").inodeNumber());
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by directories that share their inode numbers is walked once")
  void doublingByNumber() throws IOException {
    SquashFsImage image = open(HostileImages.doublingByNumber());
    assertEquals(60 * 4 + 1, count(image, image.root()));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by a loop of three directories is walked once")
  void loop() throws IOException {
    SquashFsImage image = open(HostileImages.loop());
    assertEquals(2 + 1 + 1 + 2, count(image, image.root()));
    assertThrows(CorruptImageException.class, () -> find(image, "a/b/c/back"));
    assertThrows(CorruptImageException.class, () -> find(image, "a/b/c/root"));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by more directories than are remembered is still walked once, or refused there")
  void manyDirectories() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    DirectoryCursor cursor = image.newDirectoryCursor().open(image.root(), 0);
    DirectoryPlaces places = new DirectoryPlaces(2);
    assertTrue(cursor.next());
    assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(1, cursor));
    assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(2, cursor));
    assertEquals(DirectoryPlaces.Answer.UNKNOWN, places.place(3, cursor));
    assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(2, cursor));
    assertTrue(cursor.next());
    assertEquals(DirectoryPlaces.Answer.WRONG, places.place(2, cursor));
  }

  @ParameterizedTest(name = "export table: {0}")
  @DisplayName("by a loop is walked once where its directories are more than are remembered too")
  @ValueSource(booleans = {true, false})
  void forgottenLoop(boolean export) throws IOException {
    SquashFsImage image = open(HostileImages.loopByNumber(export));
    EntryCheck check = image.newEntryCheck(1);
    DirectoryCursor a = cursor(image, image.root());
    check.check(a, image.inode(a.reference()));
    DirectoryCursor b = cursor(image, (DirectoryInode) image.inode(a.reference()));
    Inode inodeOfB = image.inode(b.reference());
    assertThrows(CorruptImageException.class, () -> check.check(b, inodeOfB));
    assertGoodIsReadable(image);
  }

  /** A cursor that stands on the first entry. */
  private static DirectoryCursor cursor(SquashFsImage image, DirectoryInode directory)
      throws IOException {
    DirectoryCursor cursor = image.newDirectoryCursor().open(directory, 0);
    assertTrue(cursor.next());
    return cursor;
  }

  @Test
  @DisplayName("with two names for a directory has it under neither, where none is remembered")
  void forgottenNames() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    EntryCheck check = image.newEntryCheck(0);
    DirectoryCursor cursor = cursor(image, image.root());
    Inode inode = image.inode(cursor.reference());
    assertThrows(CorruptImageException.class, () -> check.check(cursor, inode));
  }

  @Test
  @DisplayName("does not keep sound directories from being read that are not remembered")
  void forgotten() throws IOException {
    SquashFsImage image = open(HostileImages.deep(50));
    EntryCheck check = image.newEntryCheck(0);
    DirectoryInode directory = image.root();
    for (int level = 1; level < 50; level++) {
      DirectoryCursor cursor = cursor(image, directory);
      Inode below = image.inode(cursor.reference());
      check.check(cursor, below);
      directory = (DirectoryInode) below;
    }
    assertEquals(50, directory.inodeNumber());
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
  @DisplayName("remembers each of many directories")
  void places() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    DirectoryCursor first = image.newDirectoryCursor().open(image.root(), 0);
    DirectoryCursor second = image.newDirectoryCursor().open(image.root(), 0);
    assertTrue(first.next() && second.next() && second.next());
    DirectoryPlaces places = new DirectoryPlaces(DirectoryPlaces.MAX);
    for (long i = 0; i < 100_000; i++) {
      assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(i * 32, first));
    }
    for (long i = 0; i < 100_000; i++) {
      assertEquals(DirectoryPlaces.Answer.WRONG, places.place(i * 32, second));
      assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(i * 32, first));
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("by a directory index that leads elsewhere finds each name all the same")
  @ValueSource(strings = {"other", "nowhere", "beyond", "inside", "names", "late", "order"})
  void index(String kind) throws IOException {
    SquashFsImage image = open(HostileImages.index(kind));
    DirectoryInode one = (DirectoryInode) find(image, "one");
    for (int i = 0; i < 1000; i += 9) {
      assertEquals(10 + 2 * i, find(image, "one/f%04d".formatted(i)).inodeNumber());
      assertEquals(11 + 2 * i, find(image, "two/f%04d".formatted(i)).inodeNumber());
    }
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("f0327x")));
    assertEquals(1000, count(image, one));
    CorruptImageException error =
        assertThrows(
            CorruptImageException.class, () -> image.newDirectoryCursor().verifyIndex(one));
    assertEquals("inode table", error.structure());
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("with a right index is found by it, and resumed by it anywhere")
  void rightIndex() throws IOException {
    SquashFsImage image = open(HostileImages.index("right"));
    DirectoryInode one = (DirectoryInode) find(image, "one");
    DirectoryCursor cursor = image.newDirectoryCursor().open(one, 0);
    DirectoryCursor resumed = image.newDirectoryCursor();
    int number = 10;
    while (cursor.next()) {
      assertEquals(number, cursor.inodeNumber());
      assertEquals(cursor.reference(), image.lookup(one, ascii("f%04d".formatted(number / 2 - 5))));
      number += 2;
      boolean more = resumed.open(one, cursor.cookie()).next();
      assertTrue(more ? resumed.inodeNumber() == number : number == 2010);
    }
    assertEquals(2010, number);
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("f0327x")));
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("a")));
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("z")));
  }

  @Test
  @DisplayName("with an index over few long names is found by it, too")
  void smallIndex() throws IOException {
    SquashFsImage image = open(HostileImages.smallIndex());
    assertEquals(62, count(image, image.root()));
    for (int i = 0; i < 60; i++) {
      assertEquals(3, find(image, "large/%02d".formatted(i) + "n".repeat(198)).inodeNumber());
    }
  }

  @Test
  @DisplayName("by offsets that no listing gave lists nothing, or from an entry on")
  void cookies() throws IOException {
    SquashFsImage image = open(HostileImages.index("right"));
    DirectoryInode one = (DirectoryInode) find(image, "one");
    DirectoryCursor cursor = image.newDirectoryCursor();
    for (long cookie = -300; cookie < 70_000; cookie += 7) {
      cursor.open(one, cookie);
      long before = 0;
      while (cursor.next()) {
        assertTrue(cursor.inodeNumber() % 2 == 0 && cursor.inodeNumber() > before);
        before = cursor.inodeNumber();
      }
    }
  }

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
  @DisplayName("by a zlib stream of a gigabyte in a block gives EIO for the block")
  void gzipBomb() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(stream)) {
      for (int i = 0; i < 20; i++) {
        out.write(new byte[MIB]);
      }
    }
    assertBlockIsRefused(1, stream.toByteArray());
  }

  @Test
  @DisplayName("by an .xz stream that wants a dictionary of a gigabyte, or yields 8 MiB, gives EIO")
  void xzBomb() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options(0);
    options.setDictSize(8 * MIB);
    try (XZOutputStream out = new XZOutputStream(stream, options)) {
      out.write(new byte[8 * MIB]);
    }
    byte[] bytes = stream.toByteArray();
    assertBlockIsRefused(4, bytes);
    assertBlockIsRefused(4, withXzDictionary(bytes, 38)); // 2 GiB
    assertBlockIsRefused(4, withXzDictionary(bytes, 16)); // 1 MiB
  }

  /** Changes the byte for the dictionary's size, and the CRC of the block header around it. */
  private static byte[] withXzDictionary(byte[] stream, int size) {
    byte[] bytes = stream.clone();
    int header = 12; // behind the stream header; its first byte is its length / 4 - 1
    int length = (bytes[header] + 1) * 4;
    bytes[header + 4] = (byte) size; // flags, filter id 0x21, size of properties, properties
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(bytes, header, length - 4);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(header + length - 4, (int) crc.getValue());
    return bytes;
  }

  @Test
  @DisplayName(
      "by a zstd frame that claims or yields too much, or wants a window of 2 GiB, gives EIO")
  void zstdBomb() throws IOException {
    byte[] large = Zstd.compress(new byte[8 * MIB]);
    assertBlockIsRefused(6, large);
    // Magic, no content size, a window of 2^41 bytes, one empty raw block that is the last.
    byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xf8, 1, 0, 0};
    assertBlockIsRefused(6, window);
    byte[] whole = Zstd.compress(new byte[1 << 17]);
    byte[] two = Arrays.copyOf(whole, whole.length + window.length);
    System.arraycopy(window, 0, two, whole.length, window.length);
    assertBlockIsRefused(6, two);
    byte[] old = whole.clone();
    old[0] = 0x27; // the magic of a format before zstd 0.8
    assertBlockIsRefused(6, old);
    assertBlockIsRefused(6, new byte[] {0x28, (byte) 0xb5});
  }

  @Test
  @DisplayName("by an lz4 or lzo block that yields more, or reaches before its start, gives EIO")
  void otherBombs() throws IOException {
    byte[] lz4 = new byte[2000];
    Arrays.fill(lz4, (byte) 0xff); // one literal run, longer than anything
    assertBlockIsRefused(5, lz4);
    byte[] match = {0x1f, 'x', 1, 0, -1, -1, -1, -1, -1, -1, 0, 0x50, 1, 2, 3, 4, 5};
    assertBlockIsRefused(5, Arrays.copyOf(match, 2000));
    byte[] lzo = new byte[2000]; // zero bytes: a length of 255 for each
    assertBlockIsRefused(3, lzo);
    byte[] before = {18, 'x', 32, 0, 0, 17, 0, 0}; // one literal, a match far before it
    assertBlockIsRefused(3, before);
  }

  private void assertBlockIsRefused(int compression, byte[] stored) throws IOException {
    SquashFsImage image = open(HostileImages.block(compression, stored));
    FileInode bomb = (FileInode) find(image, "bomb");
    CorruptImageException error =
        assertThrows(CorruptImageException.class, () -> image.read(bomb, 0, MIB, buffer, 0));
    assertEquals(96 + HostileImages.GOOD.length(), error.offset(), error::getMessage);
    assertThrows(CorruptImageException.class, () -> image.read(bomb, 5, 3, buffer, 0));
    assertGoodIsReadable(image);
  }
}
