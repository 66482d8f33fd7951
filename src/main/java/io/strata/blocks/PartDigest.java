package io.strata.blocks;

import io.strata.digest.Sha2;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The first 20 bytes of a SHA-256, as numbers: there are many of them.
 *
 * @param high bytes 0 to 7
 * @param middle bytes 8 to 15
 * @param low bytes 16 to 19
 */
public record PartDigest(long high, long middle, int low) {
  /** In an index, in bytes. */
  static final int SIZE = 20;

  static PartDigest read(ByteBuffer bytes) {
    return new PartDigest(bytes.getLong(), bytes.getLong(), bytes.getInt());
  }

  void write(ByteBuffer bytes) {
    bytes.putLong(high).putLong(middle).putInt(low);
  }

  /** The digest of these bytes. */
  public static PartDigest of(byte[] bytes, int offset, int length) {
    MessageDigest sha256 = Sha2.SHA_256.start();
    sha256.update(bytes, offset, length);
    return read(ByteBuffer.wrap(sha256.digest()));
  }
}
