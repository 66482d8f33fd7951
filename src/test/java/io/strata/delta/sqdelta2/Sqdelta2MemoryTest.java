package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.delta.Images;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of which an eighth is new. Give the size with {@code -Dstrata.sqdelta2.mebibytes=1024}: that
 * takes minutes, and 256 MiB of heap must do.
 */
@DisplayName("An .sqdelta2 of large images")
class Sqdelta2MemoryTest {
  private static final int MEBIBYTES = Integer.getInteger("strata.sqdelta2.mebibytes", 24);

  @TempDir Path directory;

  private Path image(int version) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree" + version));
    for (int i = 0; i < 8; i++) {
      noise(tree.resolve("file" + i), i == 3 ? 100 + version : i);
    }
    Path image = directory.resolve(version + ".sqfs");
    return Images.make(tree, image, List.of("-comp", "lz4", "-b", "1M"));
  }

  private static void noise(Path file, int seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = new byte[1 << 20];
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < MEBIBYTES / 8; i++) {
        random.nextBytes(bytes);
        out.write(bytes);
      }
    }
  }

  @Test
  @DisplayName("is made and applied with 256 MiB of heap, whatever the number of cores")
  void heap() throws Exception {
    Path from = image(0);
    Path to = image(1);
    Path delta = directory.resolve("delta");
    Path out = directory.resolve("out");
    run("make", from, to, delta);
    run("apply", from, delta, out);
    assertEquals(-1, Files.mismatch(to, out));
  }

  @Test
  @DisplayName("is refused, and said what to do, where there is too little heap to make it")
  void tooLittle() throws Exception {
    Path from = image(0);
    Path delta = directory.resolve("delta");
    String said = said(start("32m", "make", from, image(1), delta));
    assertTrue(said.contains("takes more memory than Java has here: give it more"), said);
    assertFalse(Files.exists(delta));
  }

  private static void run(String what, Path first, Path second, Path made) throws Exception {
    Process process = start("256m", what, first, second, made);
    String said = said(process);
    assertEquals(0, process.waitFor(), said);
  }

  private static String said(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Process start(String heap, String what, Path first, Path second, Path made)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:ActiveProcessorCount=8", "-XX:+UseSerialGC"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(MakeAndApply.class.getName(), what));
    command.addAll(List.of(first.toString(), second.toString(), made.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
