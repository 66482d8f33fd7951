package io.strata.delta.sqdelta2;

import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;

/** SHA-256 of files. */
final class Digests {
  private static final int BUFFER = 1 << 18;

  private Digests() {}

  static MessageDigest sha256() {
    return Sha2.SHA_256.start();
  }

  /** The digest of a whole file. */
  static byte[] of(FileChannel file) throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long at = 0;
    for (int n = file.read(buffer, at); n >= 0; n = file.read(buffer.clear(), at)) {
      digest.update(buffer.flip());
      at += n;
    }
    return digest.digest();
  }
}
