package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A mirror directory with small images; a sync does not look into them. */
final class SmallMirror {
  static final int SIZE = 300_000;

  final Path directory;
  private final Map<String, String> digests = new TreeMap<>();

  SmallMirror(Path directory) throws Exception {
    this.directory = Files.createDirectories(directory);
  }

  /** An image that differs from that of another version in a few bytes. */
  static byte[] image(String version) {
    byte[] content = new byte[SIZE];
    new Random(1).nextBytes(content);
    byte[] text = version.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, content, SIZE / 2, text.length);
    return content;
  }

  SmallMirror image(String repository, String version) throws Exception {
    return file(repository + "-" + version + ".sqfs", image(version));
  }

  SmallMirror file(String name, byte[] content) throws Exception {
    Files.write(directory.resolve(name), content);
    var sha512 = java.security.MessageDigest.getInstance("SHA-512");
    digests.put(name, HexFormat.of().formatHex(sha512.digest(content)));
    return this;
  }

  /** Upstream's format without blocks, its patch made by xdelta3. */
  SmallMirror delta(String repository, String old, String newer) throws Exception {
    byte[] header =
        ByteBuffer.allocate(16)
            .putInt(0x5371ceb4) // magic
            .putInt(0) // flags
            .putInt(0x02000000) // compression: LZ4
            .putInt(0) // blocks
            .array();
    Path from = Files.write(directory.resolve("from.tmp"), join(image(old), header));
    Path to = Files.write(directory.resolve("to.tmp"), join(image(newer), header));
    Path patch = directory.resolve("patch.tmp");
    Process xdelta =
        new ProcessBuilder(
                "xdelta3",
                "-q",
                "-f",
                "-e",
                "-9",
                "-S",
                "djw",
                "-s",
                "" + from,
                "" + to,
                "" + patch)
            .inheritIO()
            .start();
    assertEquals(0, xdelta.waitFor());
    file(
        repository + "-" + old + "-" + newer + ".sqdelta", join(header, Files.readAllBytes(patch)));
    for (Path temporary : new Path[] {from, to, patch}) {
      Files.delete(temporary);
    }
    return this;
  }

  /** Writes the index of all files so far. */
  SmallMirror index(String... currentNames) throws Exception {
    StringBuilder text = new StringBuilder();
    digests.forEach((name, digest) -> text.append(digest).append("  ").append(name).append('\n'));
    text.append("Current: ").append(String.join(" ", currentNames)).append('\n');
    Files.writeString(directory.resolve("sha512sum.txt"), text);
    return this;
  }

  private static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }
}
