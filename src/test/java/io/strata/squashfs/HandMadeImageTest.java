package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An image of known bytes")
class HandMadeImageTest {
  @TempDir Path temp;

  private Path write(HandMadeImage image) throws IOException {
    return image.write(temp.resolve("image.sqfs"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Inode find(SquashFsImage image, String name) throws IOException {
    return image.inode(image.lookup(image.root(), ascii(name)));
  }

  @Test
  @DisplayName("has a superblock that says so")
  void superblock() throws IOException {
    try (SquashFsImage image = SquashFsImage.open(write(new HandMadeImage()))) {
      Superblock superblock = image.superblock();
      assertEquals(7, superblock.inodes());
      assertEquals(1_000_000_000, superblock.makeTime());
      assertEquals(4096, superblock.blockSize());
      assertEquals(Compression.GZIP, superblock.compression());
      assertEquals(2, superblock.ids());
      assertTrue(superblock.isExportable());
    }
  }

  @Test
  @DisplayName("gives the attributes of each type of inode")
  void inodes() throws IOException {
    try (SquashFsImage image = SquashFsImage.open(write(new HandMadeImage()))) {
      FileInode big = assertInstanceOf(FileInode.class, find(image, "big"));
      assertEquals(0100644, big.mode());
      assertEquals(1000, big.uid());
      assertEquals(0, big.gid());
      assertEquals(1_000_000_002, big.modifyTime());
      assertEquals(4101, big.size());
      assertEquals(1, big.linkCount());
      assertEquals(2, big.inodeNumber());
      DeviceInode device = assertInstanceOf(DeviceInode.class, find(image, "dev"));
      assertEquals(020666, device.mode());
      assertEquals(1, device.major());
      assertEquals(3, device.minor());
      assertEquals(010622, assertInstanceOf(IpcInode.class, find(image, "fifo")).mode());
      SymlinkInode link = assertInstanceOf(SymlinkInode.class, find(image, "link"));
      assertArrayEquals(ascii("big"), image.symlinkTarget(link));
      assertEquals(2, assertInstanceOf(DirectoryInode.class, find(image, "sub")).linkCount());
      assertSame(big, image.inode(big.reference()));
    }
  }

  @Test
  @DisplayName("gives the bytes of a block, of a fragment, and of both at once")
  void data() throws IOException {
    try (SquashFsImage image = SquashFsImage.open(write(new HandMadeImage()))) {
      FileInode big = (FileInode) find(image, "big");
      NativeBuffer buffer = NativeBuffer.allocate(8192);
      assertEquals(4101, image.read(big, 0, 8192, buffer, 0));
      assertEquals('A', buffer.bytes().get(4095));
      assertEquals("tail!", text(buffer, 4096, 5));
      assertEquals(4, image.read(big, 4094, 4, buffer, 100));
      assertEquals("AAta", text(buffer, 100, 4));
      assertEquals(0, image.read(big, 4101, 10, buffer, 0));
      FileInode ext = (FileInode) find(image, "ext");
      assertEquals(3, image.read(ext, 2, 100, buffer, 0));
      assertEquals("llo", text(buffer, 0, 3));
    }
  }

  private static String text(NativeBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.bytes().get(offset, bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  @DisplayName("lists its root in order, and resumes at any entry")
  void listing() throws IOException {
    try (SquashFsImage image = SquashFsImage.open(write(new HandMadeImage()))) {
      DirectoryCursor cursor = image.newDirectoryCursor().open(image.root(), 0);
      DirectoryCursor resumed = image.newDirectoryCursor();
      StringBuilder names = new StringBuilder();
      while (cursor.next()) {
        names.append(
            new String(cursor.nameBytes(), 0, cursor.nameLength(), StandardCharsets.US_ASCII));
        resumed.open(image.root(), cursor.cookie());
        names.append(resumed.next() ? " " + (char) resumed.nameBytes()[0] + " " : ".");
      }
      assertEquals("big d dev e ext f fifo l link s sub.", names.toString());
      assertEquals(SquashFsImage.NOT_FOUND, image.lookup(image.root(), ascii("bi")));
      assertEquals(SquashFsImage.NOT_FOUND, image.lookup(image.root(), ascii("zzz")));
      assertEquals(image.lookup(image.root(), ascii("ext")), image.referenceOf(4));
      assertEquals(SquashFsImage.NOT_FOUND, image.referenceOf(8));
    }
  }

  @Test
  @DisplayName("gives extended attributes with their prefixes, also those out of line")
  void xattrs() throws IOException {
    try (SquashFsImage image = SquashFsImage.open(write(new HandMadeImage()))) {
      Inode ext = find(image, "ext");
      List<String> names =
          image.xattrNames(ext).stream()
              .map(n -> new String(n, StandardCharsets.US_ASCII))
              .toList();
      assertEquals(List.of("user.a", "security.b"), names);
      assertArrayEquals(ascii("v"), image.xattr(ext, ascii("user.a")));
      assertArrayEquals(ascii("ool"), image.xattr(ext, ascii("security.b")));
      assertNull(image.xattr(ext, ascii("user.b")));
      assertEquals(List.of(), image.xattrNames(find(image, "big")));
    }
  }

  @ParameterizedTest(name = "{0} = {1} ({2} bytes): {3}")
  @DisplayName("with one field out of range is unreadable there, and readable everywhere else")
  @MethodSource("io.strata.squashfs.HostileFields#rows")
  void outOfRange(String field, long value, int size, Set<String> unreadable) throws IOException {
    Path file = write(new HandMadeImage().set(field, value, size));
    assertEquals(unreadable, WholeImage.failures(file, WholeImage.newBuffer()));
  }

  @Test
  @DisplayName("in which a directory is its own child is found out by verification")
  void loop() throws Exception {
    HandMadeImage made = new HandMadeImage();
    int root = made.at("export.root");
    long reference = Byte.toUnsignedLong(made.bytes()[root]);
    Path file = write(made.set("entry.sub.offset", reference, 2));
    assertTrue(verify(file).contains("/sub"));
    assertEquals(Set.of("/sub"), WholeImage.failures(file, WholeImage.newBuffer()));
  }

  @Test
  @DisplayName("without an export table: inodes and parents are found by number all the same")
  void withoutExports() throws IOException {
    long[] references = new long[8];
    HandMadeImage made = new HandMadeImage();
    try (SquashFsImage image = SquashFsImage.open(write(made))) {
      for (int number = 1; number <= 7; number++) {
        references[number] = image.referenceOf(number);
      }
    }
    made.set("sb.lookup_table", -1, 8);
    try (SquashFsImage image = SquashFsImage.open(write(made))) {
      assertFalse(image.isExportable());
      for (int number = 1; number <= 7; number++) {
        assertEquals(references[number], image.referenceOf(number));
        assertTrue(image.isInode(references[number]));
        assertFalse(image.isInode(references[number] + 16), "the smallest inode has 20 bytes");
      }
      assertEquals(SquashFsImage.NOT_FOUND, image.referenceOf(0));
      assertEquals(SquashFsImage.NOT_FOUND, image.referenceOf(8));
      assertFalse(image.isInode(references[1] + (1L << 16)));
      DirectoryInode sub = (DirectoryInode) find(image, "sub");
      assertEquals(image.rootReference(), image.parentOf(sub));
      assertEquals(image.rootReference(), image.parentOf(image.root()));
    }
  }

  @Test
  @DisplayName("without an export table, with a damaged inode: what lies behind that is not judged")
  void withoutExportsDamaged() throws IOException {
    HandMadeImage made = new HandMadeImage().set("sb.lookup_table", -1, 8).set("dev.type", 77, 2);
    try (SquashFsImage image = SquashFsImage.open(write(made))) {
      assertEquals(find(image, "ext").reference(), image.referenceOf(4));
      assertEquals(SquashFsImage.NOT_FOUND, image.referenceOf(6));
      assertTrue(image.isInode(find(image, "fifo").reference()));
      assertFalse(image.isInode(find(image, "ext").reference() + 1));
      DirectoryInode sub = (DirectoryInode) find(image, "sub");
      assertEquals(SquashFsImage.NOT_FOUND, image.parentOf(sub));
    }
  }

  @Test
  @DisplayName("passes verification, and each planted damage is found with its path")
  void verification() throws Exception {
    assertEquals(List.of(), verify(write(new HandMadeImage())));
    assertEquals(List.of("/big"), verify(write(new HandMadeImage().set("big.fragment", 9, 4))));
    assertEquals(List.of("/ext"), verify(write(new HandMadeImage().set("a.size", 0, 2))));
    assertEquals(List.of("/dev"), verify(write(new HandMadeImage().set("entry.dev.type", 2, 2))));
    assertEquals(List.of("/"), verify(write(new HandMadeImage().set("export.big", 0x77777, 8))));
    assertEquals(List.of("/sub"), verify(write(new HandMadeImage().set("sub.parent_inode", 9, 4))));
    assertEquals(List.of("/"), verify(write(new HandMadeImage().set("fifo.nlink", 2, 4))));
    // No entry names inode 6 any more, and inode 5 has two names and says one.
    HandMadeImage unnamed = new HandMadeImage();
    int dev = unnamed.at("dev.type") - unnamed.at("big.type");
    unnamed.set("entry.fifo.offset", dev, 2).set("entry.fifo.inode_number", 4, 2);
    unnamed.set("entry.fifo.type", 5, 2);
    assertEquals(List.of("/", "/"), verify(write(unnamed)));
    // A fragment that no file uses, and that lies nowhere.
    HandMadeImage unused = new HandMadeImage().set("big.fragment", -1, 4);
    unused.set("big.file_size", 4096, 4).set("ext.file_size", 0, 8).set("ext.fragment", -1, 4);
    assertEquals(List.of(), verify(write(unused)));
    unused.set("fragment.start_block", -1, 8);
    assertEquals(List.of("/"), verify(write(unused)));
  }

  private static List<String> verify(Path file) throws Exception {
    List<String> paths = new java.util.ArrayList<>();
    VerifyListener listener =
        new VerifyListener() {
          @Override
          public void progress(long done, long total) {}

          @Override
          public void problem(ImageProblem problem) {
            paths.add(problem.path());
          }
        };
    try (SquashFsImage image = SquashFsImage.open(file)) {
      VerifyReport report = new ImageVerifier(image, 2, listener).run();
      assertEquals(paths.size(), report.problems());
    }
    return paths;
  }

  @Test
  @DisplayName("cut short anywhere is refused as truncated, or as no image")
  void truncated() throws IOException {
    byte[] whole = new HandMadeImage().bytes();
    for (int length = 0; length < whole.length; length += 7) {
      Path file = temp.resolve("cut.sqfs");
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      CorruptImageException refusal =
          assertThrows(CorruptImageException.class, () -> SquashFsImage.open(file));
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.startsWith(file + ": superblock at byte "), message);
      assertTrue(
          message.contains("truncated") || (length < 4 && message.contains("not a SquashFS image")),
          message);
    }
  }

  @Test
  @DisplayName("that becomes shorter while it is open gives errors, and no crash")
  void truncatedInUse() throws IOException {
    Path file = write(new HandMadeImage());
    NativeBuffer buffer = NativeBuffer.allocate(8192);
    try (SquashFsImage image = SquashFsImage.open(file)) {
      FileInode big = (FileInode) find(image, "big");
      Files.write(file, new byte[100]);
      assertThrows(CorruptImageException.class, () -> image.read(big, 0, 4101, buffer, 0));
    }
  }

  @Test
  @DisplayName("gives an error after it was closed")
  void closed() throws IOException {
    SquashFsImage image = SquashFsImage.open(write(new HandMadeImage()));
    FileInode big = (FileInode) find(image, "big");
    image.close();
    image.close();
    NativeBuffer buffer = NativeBuffer.allocate(8192);
    assertThrows(IOException.class, () -> image.read(big, 0, 4101, buffer, 0));
  }

  @Test
  @DisplayName("a directory or a missing file is no image, and the message says so")
  void noImage() {
    IOException directory = assertThrows(IOException.class, () -> SquashFsImage.open(temp));
    assertTrue(String.valueOf(directory.getMessage()).contains("neither a file"));
    Path missing = temp.resolve("missing");
    IOException none = assertThrows(IOException.class, () -> SquashFsImage.open(missing));
    assertTrue(String.valueOf(none.getMessage()).startsWith(missing + ": can't open"));
  }
}
