package io.strata.sync;

import io.strata.digest.Sha2;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The digest that an index lists. */
final class Sha512 {
  private static final int CHUNK = 1 << 18;

  private Sha512() {}

  static MessageDigest start() {
    return Sha2.SHA_512.start();
  }

  /** 128 lower-case hexadecimal digits. */
  static String end(MessageDigest digest) {
    return Sha2.hex(digest);
  }

  /** The digest of what is in memory. */
  static String of(byte[] content) {
    return Sha2.SHA_512.hex(content);
  }

  /** The digest of a whole file. */
  static String of(Path file, ByteProgress progress) throws IOException {
    MessageDigest digest = start();
    byte[] chunk = new byte[CHUNK];
    long total = Files.size(file);
    long done = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
        done += count;
        progress.at(done, total);
      }
    }
    return end(digest);
  }
}
