package io.strata.publish;

import io.strata.digest.Sha2;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The digests of a file, in lower-case hexadecimal digits.
 *
 * @param sha512 128 of them: what the index lists
 * @param sha256 64 of them: what a blob is called
 * @param size of the file in bytes
 */
record Digests(String sha512, String sha256, long size) {
  private static final int BUFFER = 1 << 18;

  /** Where a superblock has the time at which the image was made, {@code mkfs_time}. */
  private static final int MAKE_TIME_AT = 8;

  private static final int MAKE_TIME_END = 12;

  /** Reads a file once. */
  static Digests of(Path file) throws IOException {
    MessageDigest sha512 = Sha2.SHA_512.start();
    MessageDigest sha256 = Sha2.SHA_256.start();
    long size = 0;
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer.clear())) {
        sha512.update(buffer.flip());
        sha256.update(buffer.flip());
        size += n;
      }
    }
    return new Digests(Sha2.hex(sha512), Sha2.hex(sha256), size);
  }

  /** The SHA-512 of a file. */
  static String sha512(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      return HexFormat.of().formatHex(Sha2.SHA_512.of(in));
    }
  }

  /** The SHA-512 of an image but for its make time: that of the tree, however often it is made. */
  static String ofTree(Path image) throws IOException {
    MessageDigest digest = Sha2.SHA_512.start();
    try (InputStream in = Files.newInputStream(image)) {
      byte[] head = in.readNBytes(MAKE_TIME_END);
      Arrays.fill(head, Math.min(MAKE_TIME_AT, head.length), head.length, (byte) 0);
      digest.update(head);
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha2.hex(digest);
  }
}
