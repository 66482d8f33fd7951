package io.strata.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Trees to publish. */
final class Trees {
  private Trees() {}

  /** 20 files that compress somewhat, in two directories, the same each time. */
  static Path make(Path root) throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      Path directory = Files.createDirectories(root.resolve(i % 2 == 0 ? "even" : "odd"));
      Files.writeString(directory.resolve("file-" + i), words(random, 20_000));
    }
    return root;
  }

  /** Replaces what the files hold by what nothing is like. */
  static void noise(Path root) throws IOException {
    Random random = new Random(8);
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[20_000];
      random.nextBytes(noise);
      Files.write(root.resolve(i % 2 == 0 ? "even" : "odd").resolve("file-" + i), noise);
    }
  }

  /** Words that repeat, as in texts. */
  static String words(Random random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append("word").append(random.nextInt(2000)).append(random.nextInt(9) == 0 ? '\n' : ' ');
    }
    return text.toString();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
