package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compressor;
import io.strata.codec.Compressors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applies a delta in a JVM of its own, whose heap is smaller than the image. {@code
 * -Dstrata.delta.mebibytes=1024} makes the image a whole GiB.
 */
@DisplayName("Applying a delta to a large image")
class DeltaMemoryTest {
  private static final int WINDOW = 8 << 20;
  private static final int BLOCK = 1 << 20;
  private static final int BLOCKS = 32;
  private static final int WINDOWS = Integer.getInteger("strata.delta.mebibytes", 320) / 8;

  @TempDir Path directory;

  /** Nothing but NULs, except that each MiB starts with its number. */
  private Path source() throws IOException {
    Path source = directory.resolve("source");
    try (FileChannel file =
        FileChannel.open(source, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long length = (long) WINDOWS * WINDOW;
      for (int i = 0; i < length / BLOCK; i++) {
        file.write(ByteBuffer.allocate(4).putInt(i).flip(), (long) i * BLOCK);
      }
      file.write(ByteBuffer.allocate(1), length - 1);
    }
    return source;
  }

  private static byte[] compressed(Compressor lzo, int number) throws Exception {
    ByteBuffer plain = ByteBuffer.allocateDirect(BLOCK).putInt(0, number);
    ByteBuffer target = ByteBuffer.allocateDirect(BLOCK * 2);
    byte[] bytes = new byte[lzo.compress(plain, 0, BLOCK, target, 0, target.capacity())];
    target.get(0, bytes);
    return bytes;
  }

  /** The source's windows in another order, and behind them its first blocks compressed. */
  private byte[] delta(Path delta) throws Exception {
    Compressor lzo = Compressors.lzo(9, true);
    ByteBuffer blocks = ByteBuffer.allocate(BLOCKS * BLOCK);
    int[] list = new int[BLOCKS * 3];
    for (int i = 0; i < BLOCKS; i++) {
      byte[] block = compressed(lzo, i);
      list[i * 3] = (int) ((long) WINDOWS * WINDOW + blocks.position());
      list[i * 3 + 1] = block.length;
      list[i * 3 + 2] = BLOCK;
      blocks.put(block);
    }
    int length = blocks.position();
    try (HandMadeDelta made = HandMadeDelta.create(delta, ListedTarget.COMPRESSION)) {
      for (int window = 0; window < WINDOWS; window++) {
        made.copy((long) other(window) * WINDOW, WINDOW);
      }
      made.add(new byte[length], 0, length); // NULs for the blocks
      for (int at = 0; at < BLOCKS * BLOCK; at += WINDOW) {
        made.copy(at, WINDOW);
      }
      byte[] words = HandMadeDelta.words(list);
      byte[] head = HandMadeDelta.words(HandMadeDelta.MAGIC, 0, ListedTarget.COMPRESSION, BLOCKS);
      made.add(words, 0, words.length).add(head, 0, head.length);
    }
    return java.util.Arrays.copyOf(blocks.array(), length);
  }

  private static int other(int window) {
    return WINDOWS - 1 - window;
  }

  @Test
  @DisplayName("takes no more than 256 MiB of heap, with as many cores as there may be")
  void heap() throws Exception {
    Path delta = directory.resolve("delta");
    Path target = directory.resolve("target");
    byte[] blocks = delta(delta);
    String said = apply(source(), delta, target);
    assertEquals((long) WINDOWS * WINDOW + blocks.length, Files.size(target));
    try (FileChannel file = FileChannel.open(target)) {
      ByteBuffer number = ByteBuffer.allocate(4);
      for (int window = 0; window < WINDOWS; window++) {
        BlockFile.readFully(file, (long) window * WINDOW + BLOCK, number.clear());
        assertEquals(other(window) * 8 + 1, number.getInt(0));
      }
      ByteBuffer end = ByteBuffer.allocate(blocks.length);
      BlockFile.readFully(file, (long) WINDOWS * WINDOW, end);
      assertArrayEquals(blocks, end.array());
    }
    long anonymous = Long.parseLong(said.replaceAll("(?s).*anonymous ([0-9]+).*", "$1"));
    assertTrue(anonymous < 448L << 20, "heap and all other memory of the process: " + said);
  }

  private String apply(Path source, Path delta, Path target) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:ActiveProcessorCount=16", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ApplyProgram.class.getName());
    command.addAll(List.of(source.toString(), delta.toString(), target.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
