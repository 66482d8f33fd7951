package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressors;
import io.strata.delta.Images;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

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
      Files.write(tree.resolve("program"), program(version));
      byte[] page = words(7, 30_000);
      page[300] += (byte) version;
      Files.write(tree.resolve("page.gz"), gzip(page));
      byte[] log = log(1000);
      log[30_000] += (byte) version;
      Files.write(tree.resolve("log.gz"), gnuGzip(log, "-9"));
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

  /** Lines of 69 bytes of which most is always the same: GNU gzip takes several blocks for them. */
  static byte[] log(int lines) {
    Random random = new Random(3);
    String line = new String(words(2, 60), StandardCharsets.US_ASCII).replace('\n', ' ');
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      log.append(line);
      random.ints(8, 'a', 'q').forEach(letter -> log.append((char) letter));
      log.append('\n');
    }
    return log.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** What the system's gzip makes, without a name and a time. */
  static byte[] gnuGzip(byte[] plain, String level) throws IOException {
    Path from = Files.write(Files.createTempFile("strata", ".plain"), plain);
    Process gzip =
        new ProcessBuilder("gzip", "-cn", level)
            .redirectInput(from.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] stored = gzip.getInputStream().readAllBytes();
    Files.delete(from);
    return stored;
  }

  /** Code with calls all over it, into which the new version has something more put. */
  static byte[] program(int version) {
    Random random = new Random(8);
    int functions = 400;
    ByteBuffer code = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < functions; i++) {
      byte[] body = new byte[60];
      random.nextBytes(body);
      code.put(body);
      if (version > 0 && i % 100 == 50) {
        code.put(words(i, 37));
      }
      int to = random.nextInt(functions);
      int target = 65 * to + (version > 0 ? 37 * ((to + 49) / 100) : 0);
      code.put((byte) 0xe8).putInt(target - code.position() - Integer.BYTES);
    }
    return Arrays.copyOf(code.array(), code.position());
  }

  /** As {@code gzip -9n} has it. */
  static byte[] gzip(byte[] plain) throws IOException {
    ByteBuffer from = ByteBuffer.allocateDirect(plain.length).put(plain);
    ByteBuffer to = ByteBuffer.allocateDirect(plain.length + 1000);
    try {
      int n = Compressors.deflate(9, 9).compress(from, 0, plain.length, to, 0, to.capacity());
      ByteBuffer file = ByteBuffer.allocate(10 + n + 8).order(ByteOrder.LITTLE_ENDIAN);
      file.put(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, 3}).put(to.slice(0, n));
      CRC32 crc = new CRC32();
      crc.update(plain);
      return file.putInt((int) crc.getValue()).putInt(plain.length).array();
    } catch (CodecException e) {
      throw new IOException(e);
    }
  }

  /** An image of one of the trees, made once in a directory. */
  static Path image(Path directory, int version, String options) throws Exception {
    Path image = directory.resolve(version + options.replaceAll("[ ,/]", "_") + ".sqfs");
    List<String> list = Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).toList();
    return Files.exists(image) ? image : Images.make(tree(directory, version), image, list);
  }
}
