package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.RecompressionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A damaged or hostile .sqdelta2")
class HostileSqdelta2Test {
  @TempDir static Path directory;

  private static Path source = Path.of("");
  private static Path target = Path.of("");
  private static byte[] delta = {};
  private static @Nullable DeltaBytes apart;

  @BeforeAll
  static void makeDelta() throws Exception {
    source = SmallTrees.image(directory, 0, "-comp lzo -b 16K");
    target = SmallTrees.image(directory, 1, "-comp lzo -b 16K");
    apart = DeltaBytes.between(source, target, directory);
    delta = apart.bytes();
  }

  /** Applies bytes; true if the target came of it, false if they were refused. */
  private boolean applies(byte[] bytes) throws IOException {
    Path inside = directory.resolve("inside");
    Files.createDirectories(inside);
    Path file = Files.write(directory.resolve("hostile.sqdelta2"), bytes);
    Path out = inside.resolve("out");
    try {
      new Sqdelta2Applier().apply(source, file, out, ProgressListener.NONE);
      assertEquals(-1, Files.mismatch(target, out));
      Files.delete(out);
      return true;
    } catch (DeltaException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("hostile.sqdelta2"), e.toString());
      return false;
    } finally {
      try (Stream<Path> left = Files.list(inside)) {
        assertEquals(0, left.count(), "something is left");
      }
    }
  }

  private String refusal(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("hostile.sqdelta2"), bytes);
    DeltaException e =
        assertThrows(
            DeltaException.class,
            () ->
                new Sqdelta2Applier()
                    .apply(source, file, directory.resolve("out"), ProgressListener.NONE));
    return String.valueOf(e.getMessage());
  }

  @Test
  @DisplayName("is sound before it is damaged")
  void sound() throws Exception {
    assertTrue(applies(delta));
  }

  @Test
  @DisplayName("is refused wherever it is cut off")
  void cutOff() throws Exception {
    for (int length = 0; length < delta.length; length += 1 + length / 4) {
      assertEquals(false, applies(Arrays.copyOf(delta, length)), "of length " + length);
    }
    assertEquals(false, applies(Arrays.copyOf(delta, delta.length - 1)));
    assertEquals(false, applies(Arrays.copyOf(delta, delta.length + 1)));
  }

  @ParameterizedTest
  @CsvSource({
    "0,   0,  begins with something else",
    "8,   2,  version 2",
    "10,  1,  flags",
    "12,  9,  columns",
    "19,  9,  was made for another image",
    "31,  127, has an image of",
    "32,  0,  was made for another image",
    "64,  0,  another digest",
    "96,  9,  out of range",
    "97,  17, out of range",
    "98,  1,  out of range",
    "103, 120, no tile",
    "104, 7,  unknown compression 7",
    "104, 2,  not known",
    "105, 10, not known",
    "106, 2,  not known",
    "107, 1,  not known"
  })
  @DisplayName("is refused for each field of its header")
  void header(int at, int value, String expected) throws Exception {
    byte[] mutant = delta.clone();
    mutant[at] = (byte) value;
    String message = refusal(mutant);
    assertTrue(message.contains(expected), message);
  }

  @Test
  @DisplayName("that claims another library's bytes fails in the probe, with the library's name")
  void probe() throws Exception {
    DeltaBytes apart = DeltaBytes.between(source, target, directory);
    Header h = apart.header;
    assertTrue(h.probe() >= 0);
    Recompression other = new Recompression(Compression.LZO, 1, 1, 0, 0);
    Header wrong =
        new Header(
            h.sourceLength(),
            h.targetLength(),
            h.sourceDigest(),
            h.targetDigest(),
            h.blockLog(),
            h.probe(),
            List.of(other, other),
            "liblzo2 9.99");
    Path file = Files.write(directory.resolve("hostile.sqdelta2"), apart.bytes(wrong));
    RecompressionException e =
        assertThrows(
            RecompressionException.class,
            () ->
                new Sqdelta2Applier()
                    .apply(source, file, directory.resolve("out"), ProgressListener.NONE));
    assertTrue(String.valueOf(e.getMessage()).contains("liblzo2 9.99"), e.toString());
    assertTrue(e.library().startsWith("liblzo2 2."), e.library());
  }

  @Test
  @DisplayName("is refused when its columns claim more than the limit, before memory is taken")
  void bomb() throws Exception {
    DeltaBytes apart = DeltaBytes.between(source, target, directory);
    ByteWriter out = new ByteWriter();
    apart.header.write(out);
    for (Column column : Column.values()) {
      out.varint(column == Column.LAYOUT ? Limits.COLUMNS + 1 : 9).varint(1);
    }
    assertTrue(refusal(out.bytes(new byte[100]).toByteArray()).contains("bytes"));
  }

  @Test
  @DisplayName("is refused when a dictionary names the same tile until it is too long")
  void dictionary() throws Exception {
    DeltaBytes apart = DeltaBytes.between(source, target, directory);
    assertEquals(1, apart.columns.getOrDefault(Column.FRAME_TILES, new byte[0]).length);
    int tiles = 5000;
    byte[] numbers = new byte[tiles]; // 0: tile 0; then each time 1, one less than predicted
    Arrays.fill(numbers, 1, tiles, (byte) 1);
    apart.columns.put(Column.DICTIONARY_SIZE, new ByteWriter().varint(2 * tiles).toByteArray());
    apart.columns.put(Column.DICTIONARY_TILE, numbers);
    String message = refusal(apart.bytes());
    assertTrue(message.contains("a dictionary of more than 16777216 bytes"), message);
  }

  @Test
  @DisplayName("is refused or right whatever byte of a column is changed, and when one is longer")
  void columns() throws Exception {
    DeltaBytes apart = DeltaBytes.between(source, target, directory);
    Random random = new Random(4);
    int refused = 0;
    int tried = 0;
    for (Column column : Column.values()) {
      byte[] content = apart.columns.getOrDefault(column, new byte[0]);
      for (int i = 0; i < 3 && content.length > 0; i++) {
        byte[] mutant = content.clone();
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
        apart.columns.put(column, mutant);
        refused += applies(apart.bytes()) ? 0 : 1;
        tried++;
      }
      apart.columns.put(column, Arrays.copyOf(content, content.length + 1));
      assertEquals(false, applies(apart.bytes()), column.name());
      apart.columns.put(column, content);
    }
    assertTrue(tried > 60 && refused > tried / 2, refused + " of " + tried);
  }

  @Test
  @DisplayName("is refused when a number is as large as can be")
  void large() throws Exception {
    DeltaBytes apart = DeltaBytes.between(source, target, directory);
    byte[] most = new ByteWriter().varint(-2).toByteArray(); // the highest positive difference
    byte[] least = new ByteWriter().varint(-1).toByteArray();
    for (Column column : Column.values()) {
      byte[] content = apart.columns.getOrDefault(column, new byte[0]);
      if (content.length > 10) {
        for (byte[] extreme : List.of(most, least)) {
          byte[] mutant = content.clone();
          System.arraycopy(extreme, 0, mutant, 0, extreme.length);
          apart.columns.put(column, mutant);
          assertEquals(false, applies(apart.bytes()), column.name());
        }
      }
      apart.columns.put(column, content);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DICTIONARY_SIZE, 4194305, column DICTIONARY_SIZE",
    "DICTIONARY_TILE, 100000, column DICTIONARY_TILE",
    "MEMBERS, 1048577, column MEMBERS",
    "MEMBER_AFTER, 16777216, column MEMBER_AFTER",
    "MEMBER_STORED, 16777216, column MEMBER_STORED",
    "MEMBER_STORED, 5, a member at",
    "MEMBER_PLAIN, 16777216, column MEMBER_PLAIN",
    "MEMBER_PLAIN, 68999, column COPY_LENGTH",
    "MEMBER_PLAIN, 69001, a member at",
    "MEMBER_HOW, 1, column MEMBER_HOW",
    "MEMBER_BLOCKS, 1, column MEMBER_BLOCKS",
    "COPIES, 1048577, column COPIES",
    "COPY_AFTER, 4194304, column COPY_AFTER",
    "COPY_LENGTH, 0, a copy of no bytes",
    "COPY_LENGTH, 4194304, column COPY_LENGTH",
    "COPY_FROM, 16777216, column COPY_FROM",
    "COPY_FROM, -1, column COPY_FROM",
    "DIFFERENCES_STORED, 4194304, column DIFFERENCES_STORED",
    "DIFFERENCES_STORED, 0, the frame at offset"
  })
  @DisplayName("is refused for each number of a frame that leads outside")
  void frame(Column column, long value, String expected) throws Exception {
    byte[] content = content(column);
    assertTrue(content.length > 0, column + " is not used");
    ByteReader rest = new ByteReader("column", content);
    rest.varint();
    ByteWriter mutant = new ByteWriter().varint((value << 1) ^ (value >> 63));
    mutant.bytes(Arrays.copyOfRange(content, rest.position(), content.length));
    String message = refusal(with(column, mutant.toByteArray()));
    assertTrue(message.contains(expected), message);
  }

  @Test
  @DisplayName("is refused when a member is deflated to something else than the image has")
  void otherDeflate() throws Exception {
    byte[] how = content(Column.MEMBER_HOW);
    assertEquals(4, how.length, "two in the dictionary, two in the content");
    how[2] = 2 * 3; // level 6
    String message = refusal(with(Column.MEMBER_HOW, how));
    assertTrue(message.contains("deflates it to") || message.contains("digest"), message);
  }

  @ParameterizedTest
  @CsvSource({"0, a member has a block of no bytes", "100000, column MEMBER_BLOCKS"})
  @DisplayName("is refused when a block of a member is none, or longer than the member")
  void blocks(long value, String expected) throws Exception {
    byte[] content = content(Column.MEMBER_BLOCKS);
    int count = 0; // none is said of the old ones
    while (content[count] == 0) {
      count++;
    }
    ByteReader rest = new ByteReader("column", content);
    rest.bytes(count + 1L);
    rest.varint();
    ByteWriter mutant = new ByteWriter().bytes(Arrays.copyOf(content, count + 1));
    mutant.varint(2 * value).bytes(Arrays.copyOfRange(content, rest.position(), content.length));
    String message = refusal(with(Column.MEMBER_BLOCKS, mutant.toByteArray()));
    assertTrue(message.contains(expected), message);
  }

  private static byte[] content(Column column) {
    return apart().columns.getOrDefault(column, new byte[0]).clone();
  }

  /** The sound delta with another content of one column. */
  private static byte[] with(Column column, byte[] content) {
    DeltaBytes sound = apart();
    byte[] before = sound.columns.put(column, content);
    try {
      return sound.bytes();
    } finally {
      sound.columns.put(column, before == null ? new byte[0] : before);
    }
  }

  private static DeltaBytes apart() {
    return Objects.requireNonNull(apart, "made before all tests");
  }
}
