package io.strata.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small trees, an old and a new one, and images of them. */
public final class Images {
  private Images() {}

  /** A tree whose content depends on the seed, and in some files on the version. */
  public static Path tree(Path directory, long seed, int version) throws IOException {
    Random words = new Random(seed);
    for (int i = 0; i < 120; i++) {
      Path parent = Files.createDirectories(directory.resolve("d" + i % 7));
      int length = i % 10 == 0 ? 200_000 : words.nextInt(6000);
      byte[] content = text(new Random(seed + i), length);
      if (version > 0 && i % 8 == 0 && length > 10) {
        for (int at = length / 3; at < length / 3 + 5; at++) {
          content[at] = (byte) ('0' + version);
        }
      }
      Files.write(parent.resolve("file" + i), content);
    }
    Files.createSymbolicLink(directory.resolve("link"), Path.of("d0/file0"));
    Files.write(directory.resolve("holes"), new byte[300_000]);
    Files.write(directory.resolve("copy"), text(new Random(seed), 200_000)); // of d0/file0
    if (version > 0) {
      Files.write(directory.resolve("new" + version), text(new Random(version), 50_000));
    }
    return directory;
  }

  private static byte[] text(Random random, int length) {
    byte[] text = new byte[length];
    String alphabet = "etaoin shrdlu\n";
    for (int i = 0; i < length; i++) {
      text[i] = (byte) alphabet.charAt(random.nextInt(1 + random.nextInt(alphabet.length())));
    }
    return text;
  }

  /** An image of a tree, with the same times and owners always. */
  public static Path make(Path tree, Path image, List<String> options)
      throws IOException, InterruptedException {
    Programs.needs("mksquashfs");
    List<String> command =
        new ArrayList<>(
            List.of(
                "mksquashfs",
                tree.toString(),
                image.toString(),
                "-noappend",
                "-no-progress",
                "-all-time",
                "0",
                "-mkfs-time",
                "0",
                "-all-root"));
    command.addAll(options);
    Programs.run(command);
    return image;
  }
}
