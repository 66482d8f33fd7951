package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest that an index lists. */
final class Sha512 {
  private static final int CHUNK = 1 << 18;

  private Sha512() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }

  /** 128 lower-case hexadecimal digits. */
  static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of what is in memory. */
  static String of(byte[] content) {
    MessageDigest digest = start();
    digest.update(content);
    return end(digest);
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
