package io.strata.digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Starts and ends digests. */
public enum Sha2 {
  /** 32 bytes. */
  SHA_256("SHA-256", "SHA256", 32),
  /** 64 bytes. */
  SHA_512("SHA-512", "SHA512", 64);

  /** Bytes from which on a digest is worth loading libcrypto. */
  private static final int LONG = 1 << 16;

  /** Bytes of a file that are read at once. */
  private static final int CHUNK = 1 << 18;

  private static final byte[] TRIAL = "strata".repeat(100).getBytes(StandardCharsets.US_ASCII);

  private final String algorithm;
  private final String function;
  private final int length;

  Sha2(String algorithm, String function, int length) {
    this.algorithm = algorithm;
    this.function = function;
    this.length = length;
  }

  /** Loaded when the first long content is met; a short one is digested before that is done. */
  private static final class Native {
    private static final Optional<Libcrypto> SHA_256 = Sha2.SHA_256.load();
    private static final Optional<Libcrypto> SHA_512 = Sha2.SHA_512.load();
  }

  /** A digest of nothing so far, for long contents: with libcrypto, where that is there. */
  public MessageDigest start() {
    Optional<Libcrypto> library = this == SHA_256 ? Native.SHA_256 : Native.SHA_512;
    return library.isPresent() ? over(library.get()) : ofJdk();
  }

  /** The digest of some bytes, in lower-case hexadecimal digits. */
  public String hex(byte[] content) {
    MessageDigest digest = content.length < LONG ? ofJdk() : start();
    return HexFormat.of().formatHex(digest.digest(content));
  }

  /** The digest of a whole file. */
  public byte[] of(FileChannel file) throws IOException {
    return of(file, _ -> {});
  }

  /**
   * The digest of a whole file.
   *
   * @param progress gets how many bytes have been read, again and again
   */
  public byte[] of(FileChannel file, LongConsumer progress) throws IOException {
    MessageDigest digest = start();
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    long at = 0;
    for (int n = file.read(buffer, at); n >= 0; n = file.read(buffer.clear(), at)) {
      digest.update(buffer.flip());
      at += n;
      progress.accept(at);
    }
    return digest.digest();
  }

  /** What a digest came to, in lower-case hexadecimal digits; it starts anew then. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private MessageDigest ofJdk() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm + " but this", e);
    }
  }

  private NativeDigest over(Libcrypto library) {
    return new NativeDigest(library, algorithm, length);
  }

  /** The library, if it gives what the JDK does. */
  private Optional<Libcrypto> load() {
    try {
      Libcrypto library = Libcrypto.load(function);
      boolean right = Arrays.equals(over(library).digest(TRIAL), ofJdk().digest(TRIAL));
      return right ? Optional.of(library) : Optional.empty();
    } catch (UnsatisfiedLinkError | IllegalStateException _) {
      return Optional.empty();
    }
  }
}
