package io.strata.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Starts and ends digests. */
public enum Sha2 {
  /** 32 bytes. */
  SHA_256("SHA-256"),
  /** 64 bytes. */
  SHA_512("SHA-512");

  private final String algorithm;

  Sha2(String algorithm) {
    this.algorithm = algorithm;
  }

  /** A digest of nothing so far. */
  public MessageDigest start() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm + " but this", e);
    }
  }

  /** The digest of some bytes, in lower-case hexadecimal digits. */
  public String hex(byte[] content) {
    return HexFormat.of().formatHex(start().digest(content));
  }

  /** What a digest came to, in lower-case hexadecimal digits; it starts anew then. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
