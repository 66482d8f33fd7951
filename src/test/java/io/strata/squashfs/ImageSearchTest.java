package io.strata.squashfs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image somewhere in a file")
class ImageSearchTest {
  private static final ImageOptions SEARCH =
      ImageOptions.defaults().withOffset(OptionalLong.empty());

  @TempDir Path temp;
  private byte[] image = new byte[0];

  @BeforeEach
  void make() throws IOException {
    image = Files.readAllBytes(new HandMadeImage().write(temp.resolve("image.sqfs")));
  }

  private Path file(byte[]... parts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return Files.write(temp.resolve("file"), bytes.toByteArray());
  }

  private static long found(Path file) throws IOException {
    try (SquashFsImage opened = SquashFsImage.open(file, SEARCH)) {
      assertEquals(7, opened.superblock().inodes());
      assertEquals(Files.size(file), opened.fileSize());
      return opened.offset();
    }
  }

  private static String refused(Path file, ImageOptions options) {
    CorruptImageException e =
        assertThrows(CorruptImageException.class, () -> SquashFsImage.open(file, options));
    String said = String.valueOf(e.getMessage());
    assertTrue(said.startsWith(file + ": "), said);
    return said;
  }

  /**
   * A program with one section, which holds {@code content}, and its section headers at the end.
   */
  private static byte[] elf(boolean wide, ByteOrder order, byte[] content) {
    int head = wide ? 64 : 52;
    int entry = wide ? 64 : 40;
    ByteBuffer out = ByteBuffer.allocate(head + content.length + 3 * entry).order(order);
    out.put(new byte[] {0x7f, 'E', 'L', 'F'});
    out.put((byte) (wide ? 2 : 1)); // EI_CLASS
    out.put((byte) (order == ByteOrder.BIG_ENDIAN ? 2 : 1)); // EI_DATA
    int at = wide ? 40 : 32; // e_shoff
    word(out, wide, at, head + content.length);
    out.putShort(wide ? 58 : 46, (short) entry); // e_shentsize
    out.putShort(wide ? 60 : 48, (short) 3); // e_shnum: none, ours, one without bytes (.bss)
    out.put(head, content);
    int section = head + content.length + entry;
    out.putInt(section + 4, 1); // SHT_PROGBITS
    word(out, wide, section + (wide ? 24 : 16), head); // sh_offset
    word(out, wide, section + (wide ? 32 : 20), content.length); // sh_size
    section += entry;
    out.putInt(section + 4, 8); // SHT_NOBITS
    word(out, wide, section + (wide ? 24 : 16), head);
    word(out, wide, section + (wide ? 32 : 20), 1 << 30);
    return out.array();
  }

  private static void word(ByteBuffer out, boolean wide, int at, long value) {
    if (wide) {
      out.putLong(at, value);
    } else {
      out.putInt(at, (int) value);
    }
  }

  @Test
  @DisplayName("is found at the first byte")
  void first() throws IOException {
    assertEquals(0, found(file(image, image)));
  }

  @ParameterizedTest(name = "at {0}")
  @DisplayName("is found at any byte")
  @ValueSource(ints = {1, 4, 511, 4096, 12345, (1 << 20) - 50, (1 << 20) + 3, 5_000_001})
  void anywhere(int offset) throws IOException {
    assertEquals(offset, found(file(new byte[offset], image, new byte[1000])));
  }

  @Test
  @DisplayName("is found behind a program of either size and byte order, not in its data")
  void behindProgram() throws IOException {
    for (boolean wide : List.of(true, false)) {
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        byte[] program = elf(wide, order, image); // a whole image is in the program's data
        assertEquals(program.length, found(file(program, image)));
        assertEquals(program.length + 7, found(file(program, new byte[7], image)));
      }
    }
  }

  @Test
  @DisplayName("is found behind a real program")
  void behindRealProgram() throws IOException {
    byte[] program = Files.readAllBytes(Path.of("/bin/sleep"));
    assertEquals(program.length, found(file(program, image)));
  }

  @Test
  @DisplayName("is not what a program has in its data")
  void onlyInProgram() throws IOException {
    String said = refused(file(elf(true, ByteOrder.LITTLE_ENDIAN, image)), SEARCH);
    assertTrue(said.contains("behind the program that ends at byte "), said);
  }

  @Test
  @DisplayName("is found behind what only looks like a program")
  void brokenProgram() throws IOException {
    byte[] program = elf(true, ByteOrder.LITTLE_ENDIAN, new byte[100]);
    ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN).putLong(40, Long.MAX_VALUE - 3);
    assertEquals(program.length, found(file(program, image)));
    byte[] magic = Arrays.copyOf(new byte[] {0x7f, 'E', 'L', 'F', 2, 1}, 64);
    assertEquals(magic.length, found(file(magic, image)));
  }

  @Test
  @DisplayName("is found behind what has the magic, or a superblock, and is none")
  void decoys() throws IOException {
    byte[] letters = "hsqshsqs and so on, as a program has it".getBytes(US_ASCII);
    byte[] truncated = Arrays.copyOf(image, 96); // its tables are not where it says
    byte[] wrongLog = image.clone();
    wrongLog[22] = 13;
    byte[] noRoot = image.clone();
    noRoot[32] = (byte) 0xff; // the root inode's reference
    byte[] tooLong = image.clone();
    tooLong[44] = 1; // bytes_used: 4 GiB more than there are
    byte[] all = new byte[0];
    for (byte[] decoy : List.of(letters, truncated, wrongLog, noRoot, tooLong)) {
      all = concat(all, decoy);
    }
    assertEquals(all.length + 1, found(file(new byte[1], all, image)));
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  @DisplayName("is not looked for without end")
  void bounded() throws IOException {
    Path file = temp.resolve("large");
    long last = 1 + ImageSearch.REACH;
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.seek(last);
      sparse.write(image);
    }
    String said = refused(file, SEARCH);
    assertTrue(said.contains("not a SquashFS image, and none begins in the next 128 MiB"), said);
    try (SquashFsImage opened = SquashFsImage.open(file, SEARCH.withOffset(last))) {
      assertEquals(last, opened.offset());
    }
    byte[] trap = new byte[32 * 1000];
    for (int i = 0; i < trap.length; i += 32) {
      System.arraycopy(image, 0, trap, i, 32);
    }
    refused(file(new byte[1], trap, image), SEARCH);
  }

  @Test
  @DisplayName("that is damaged is named with its place in the image and in the file")
  void damaged() throws IOException {
    byte[] program = elf(true, ByteOrder.LITTLE_ENDIAN, new byte[10]);
    String said = refused(file(program, Arrays.copyOf(image, image.length - 1)), SEARCH);
    String place =
        "superblock at byte 40 of the image, " + (program.length + 40) + " of the file: ";
    assertTrue(said.contains(place), said);
    assertTrue(said.contains("truncated"), said);
  }

  @Test
  @DisplayName("at another offset than the one given is pointed at")
  void wrongOffset() throws IOException {
    Path file = file(new byte[512], image);
    try (SquashFsImage opened = SquashFsImage.open(file, SEARCH.withOffset(512))) {
      assertEquals(512, opened.offset());
    }
    String said = refused(file, SEARCH.withOffset(511));
    assertTrue(said.contains("511 of the file: no SquashFS image begins here"), said);
    assertTrue(said.contains("give offset 512,"), said);
    long end = Files.size(file);
    said = refused(file, SEARCH.withOffset(Long.MAX_VALUE - 4));
    assertTrue(said.contains("the file ends before, at byte " + end), said);
  }

  @ParameterizedTest
  @DisplayName("is not in a file that is empty or shorter than any")
  @ValueSource(ints = {0, 1, 3, 63, 95, 96, 97, 5000})
  void nothing(int size) throws IOException {
    String said = refused(file(new byte[size]), SEARCH);
    assertTrue(said.contains("not a SquashFS image"), said);
    assertTrue(said.contains(size == 0 ? "the file is empty" : "give the offset"), said);
  }
}
