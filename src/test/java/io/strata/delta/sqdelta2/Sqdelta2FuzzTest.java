package io.strata.delta.sqdelta2;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.strata.delta.DeltaException;
import io.strata.delta.Images;
import io.strata.delta.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that may be a delta for one small image, whose digest is put into them. Each may be refused
 * or right; whatever else comes of it is a finding. Columns that are not compressed are what to
 * begin with, so that changes reach the model.
 */
@DisplayName("Whatever bytes are said to be an .sqdelta2")
class Sqdelta2FuzzTest {
  private static Path directory = Path.of("");
  private static Path source = Path.of("");
  private static byte[] sound = {};
  private static byte[] head = {};

  @BeforeAll
  static void makeImages() throws Exception {
    Path memory = Path.of("/dev/shm");
    directory =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "strata-fuzz")
            : Files.createTempDirectory("strata-fuzz");
    List<String> options = List.of("-comp", "lz4", "-b", "4096");
    source = Images.make(tree("old", 0), directory.resolve("old.sqfs"), options);
    Path target = Images.make(tree("new", 1), directory.resolve("new.sqfs"), options);
    sound = DeltaBytes.between(source, target, directory).bytes();
    head = Arrays.copyOf(sound, 96);
  }

  private static Path tree(String name, int version) throws IOException {
    Path tree = Files.createDirectories(directory.resolve(name + "/d"));
    for (int i = 0; i < 5; i++) {
      Files.writeString(tree.resolve("f" + i), "x".repeat(i * 1500) + version * (i % 2));
    }
    Files.writeString(tree.resolve("g" + version), "new");
    Files.write(
        tree.resolve("page.gz"), SmallTrees.gzip(("page " + version).repeat(9).getBytes(UTF_8)));
    Files.write(tree.resolve("program"), Arrays.copyOf(SmallTrees.program(version), 9000));
    return directory.resolve(name);
  }

  static Stream<Arguments> deltas() {
    return Stream.of(Arguments.of((Object) sound));
  }

  @AfterAll
  static void removeImages() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @MethodSource("deltas")
  @FuzzTest
  void delta(byte[] bytes) throws IOException {
    byte[] delta = bytes.clone();
    System.arraycopy(head, 0, delta, 0, Math.min(head.length, delta.length));
    Path file = Files.write(directory.resolve("delta"), delta);
    Path out = directory.resolve("out");
    try {
      new Sqdelta2Applier().apply(source, file, out, ProgressListener.NONE);
      Files.delete(out);
    } catch (DeltaException _) {
      return; // refused
    }
  }
}
