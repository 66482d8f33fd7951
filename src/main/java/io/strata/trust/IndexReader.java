package io.strata.trust;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads and verifies indexes as a repository's configuration asks for. Immutable. */
public final class IndexReader {
  /** The largest index that is read, in bytes. */
  public static final int MAX_SIZE = 16 << 20;

  private final Verification verification;
  private final Optional<TrustedKeys> keys;

  IndexReader(Verification verification, Optional<TrustedKeys> keys) {
    this.verification = verification;
    this.keys = keys;
  }

  /**
   * A reader that verifies with the keys at a path; they are not read if nothing is to be verified.
   *
   * @throws KeyException if keys are needed, and are not named, missing or unreadable
   */
  public static IndexReader of(Verification verification, Optional<Path> keyPath)
      throws KeyException {
    if (verification == Verification.NO) {
      return new IndexReader(verification, Optional.empty());
    }
    if (keyPath.isEmpty()) {
      if (verification == Verification.REQUIRED) {
        throw new KeyException("openpgp-verify = required, but sync-openpgp-key-path names no key");
      }
      return new IndexReader(verification, Optional.empty());
    }
    return new IndexReader(verification, Optional.of(TrustedKeys.read(keyPath.get())));
  }

  /**
   * Reads an index.
   *
   * @param content of the file, at most {@link #MAX_SIZE} bytes
   * @throws IndexException if it is malformed
   * @throws UntrustedIndexException if its signature is missing, bad or nobody's
   */
  public Index read(byte[] content) throws IndexException, UntrustedIndexException {
    if (content.length > MAX_SIZE) {
      throw new IndexException("it is larger than " + MAX_SIZE + " bytes");
    }
    List<String> lines = TextLines.of(content);
    Optional<ClearSigned> message = ClearSigned.find(lines);
    if (message.isEmpty()) {
      return readUnsigned(lines);
    }
    Optional<IndexSignature> signature = verify(message.get());
    return Index.read(message.get().body(), message.get().signature().headers(), signature);
  }

  private Index readUnsigned(List<String> lines) throws IndexException, UntrustedIndexException {
    if (verification == Verification.REQUIRED) {
      throw new UntrustedIndexException("it is not signed, and openpgp-verify = required");
    }
    return Index.read(lines, List.of(), Optional.empty());
  }

  private Optional<IndexSignature> verify(ClearSigned message)
      throws IndexException, UntrustedIndexException {
    if (verification == Verification.NO) {
      return Optional.empty();
    }
    if (keys.isEmpty()) {
      throw new UntrustedIndexException(
          "it is signed, but sync-openpgp-key-path names no key to verify it with");
    }
    return Optional.of(keys.get().verify(message));
  }
}
