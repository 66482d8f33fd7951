package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Patches of the xdelta3 program")
class Xdelta3PatchTest {
  @TempDir Path directory;

  @BeforeEach
  void needsXdelta3() {
    Programs.needs("xdelta3");
  }

  private byte[] patch(byte[] source, byte[] target, String... options) throws Exception {
    Path from = Files.write(directory.resolve("source"), source);
    Path to = Files.write(directory.resolve("target"), target);
    Path patch = directory.resolve("made");
    List<String> command = new ArrayList<>(List.of("xdelta3", "-e", "-f", "-q"));
    command.addAll(List.of(options));
    command.addAll(List.of("-s", from.toString(), to.toString(), patch.toString()));
    Programs.run(command);
    return Files.readAllBytes(patch);
  }

  /** Text of a skewed alphabet, which DJW compresses, with noise in between, which it does not. */
  private static byte[] content(Random random, int length) {
    byte[] bytes = new byte[length];
    int at = 0;
    while (at < length) {
      int n = Math.min(1 + random.nextInt(4000), length - at);
      int spread = 2 + random.nextInt(254);
      int base = random.nextInt(256);
      for (int i = 0; i < n; i++) {
        bytes[at++] = (byte) (base + random.nextInt(1 + random.nextInt(spread)));
      }
    }
    return bytes;
  }

  /** Pieces of the source, moved about, with new content between. */
  private static byte[] changed(Random random, byte[] source) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    for (int pieces = random.nextInt(30); pieces >= 0; pieces--) {
      if (source.length > 0 && random.nextInt(3) > 0) {
        int from = random.nextInt(source.length);
        target.write(source, from, Math.min(random.nextInt(20_000), source.length - from));
      }
      target.writeBytes(content(random, random.nextInt(3000)));
      if (random.nextInt(5) == 0) {
        target.writeBytes(new byte[random.nextInt(5000)]);
      }
    }
    return target.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-9 -S djw",
        "-1 -S djw",
        "-9 -S none",
        "-9 -S djw -n",
        "-9 -S djw -A",
        "-9 -S djw -W 16384",
        "-9 -S none -W 16384",
        "-0 -S djw",
        "-9 -S djw -N"
      })
  @DisplayName("of random files are decoded, whatever the options")
  void random(String options) throws Exception {
    Random random = new Random(options.hashCode());
    for (int round = 0; round < 12; round++) {
      byte[] source = content(random, random.nextInt(150_000));
      byte[] target = changed(random, source);
      byte[] patch = patch(source, target, options.split(" "));
      assertArrayEquals(
          target, Vcdiffs.decode(source, patch, directory), options + ", round " + round);
    }
  }

  @Test
  @DisplayName("with several Huffman codes, of a large section, are decoded")
  void groups() throws Exception {
    Random random = new Random(3);
    byte[] target = content(random, 700_000);
    byte[] patch = patch(new byte[0], target, "-9", "-S", "djw");
    assertTrue(patch.length < target.length, "DJW made nothing smaller");
    assertArrayEquals(target, Vcdiffs.decode(new byte[0], patch, directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lzma", "fgk"})
  @DisplayName("with another secondary compression are refused by its name")
  void secondary(String name) throws Exception {
    byte[] target = content(new Random(4), 100_000);
    byte[] patch = patch(new byte[10], target, "-S", name);
    DeltaException e =
        assertThrows(DeltaException.class, () -> Vcdiffs.decode(new byte[10], patch, directory));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(name.toUpperCase(java.util.Locale.ROOT)), message);
  }

  @Test
  @DisplayName("do not fit another source, and the checksum says so")
  void otherSource() throws Exception {
    Random random = new Random(5);
    byte[] source = content(random, 50_000);
    byte[] patch = patch(source, source, "-9", "-S", "djw");
    byte[] other = source.clone();
    other[25_000]++;
    DeltaException e =
        assertThrows(DeltaException.class, () -> Vcdiffs.decode(other, patch, directory));
    assertTrue(String.valueOf(e.getMessage()).contains("checksum"), e.toString());
  }

  @Test
  @DisplayName("mutated 4,000 times end with the target, other bytes or DeltaException")
  void mutants() throws Exception {
    Random random = new Random(20260630);
    byte[] source = content(random, 20_000);
    byte[] target = changed(random, source);
    byte[] patch = patch(source, target, "-9", "-S", "djw", "-A");
    int refused = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] mutant = patch.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
      }
      try {
        Vcdiffs.decode(source, mutant, directory);
      } catch (DeltaException _) {
        refused++;
      }
    }
    assertTrue(refused > 3000, "only " + refused + " of 4000 were refused");
    for (int length = 0; length < patch.length; length += 7) {
      byte[] cut = java.util.Arrays.copyOf(patch, length);
      int left = length;
      assertThrows(
          DeltaException.class,
          () -> assertEquals(left, Vcdiffs.decode(source, cut, directory).length));
    }
  }
}
