package io.strata.delta.sqdelta2;

import io.strata.delta.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * An old and a new tree with something of everything, in which a sixth of the files have changed,
 * and images of them.
 */
final class SmallTrees {
  private SmallTrees() {}

  /** The old tree (version 0) or the new one, made once in a directory. */
  static Path tree(Path directory, int version) throws IOException {
    Path tree = directory.resolve("tree" + version);
    if (!Files.exists(tree)) {
      for (int i = 0; i < 36; i++) {
        Path parent = Files.createDirectories(tree.resolve("d" + i % 5));
        byte[] content = words(i, i % 9 == 0 ? 30_000 : i * 60);
        if (version > 0 && i % 6 == 0 && content.length > 0) {
          content[content.length / 2] = '!';
        }
        Files.write(parent.resolve("file" + i), content);
      }
      Path large = Files.createDirectories(tree.resolve("d3/large"));
      for (int i = 0; i < 700; i++) {
        Files.createFile(large.resolve("a-name-that-takes-room-" + (i + version * 350)));
      }
      Files.write(tree.resolve("holes"), new byte[50_000]);
      Files.write(tree.resolve("copy"), words(9, 30_000)); // of d4/file9
      Files.write(tree.resolve("new" + version), words(100 + version, 9000));
      Files.createSymbolicLink(tree.resolve("link"), Path.of("d0/file0"));
      Files.createLink(tree.resolve("d2/another-name"), tree.resolve("d1/file1"));
      Files.createDirectories(tree.resolve("empty/" + version));
    }
    return tree;
  }

  /** Text, the same for a seed. */
  static byte[] words(int seed, int length) {
    Random random = new Random(seed);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) "etaoin shrdlu\n".charAt(random.nextInt(1 + random.nextInt(14)));
    }
    return text;
  }

  /** An image of one of the trees, made once in a directory. */
  static Path image(Path directory, int version, String options) throws Exception {
    Path image = directory.resolve(version + options.replaceAll("[ ,/]", "_") + ".sqfs");
    List<String> list = Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).toList();
    return Files.exists(image) ? image : Images.make(tree(directory, version), image, list);
  }
}
