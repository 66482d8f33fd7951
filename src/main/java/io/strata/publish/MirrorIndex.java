package io.strata.publish;

import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import io.strata.trust.ClearSigner;
import io.strata.trust.Index;
import io.strata.trust.IndexException;
import io.strata.trust.IndexReader;
import io.strata.trust.IndexText;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import io.strata.trust.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The index of a mirror directory, before and after a publication. Immutable. */
final class MirrorIndex {
  /** Its name in the mirror directory. */
  static final String NAME = "sha512sum.txt";

  private final Path file;
  private final IndexText text;
  private final Index index;
  private final Optional<ClearSigner> signer;

  private MirrorIndex(Path file, IndexText text, Index index, Optional<ClearSigner> signer) {
    this.file = file;
    this.text = text;
    this.index = index;
    this.signer = signer;
  }

  /**
   * Reads the index that is there; a mirror without one has an empty one.
   *
   * <p>A signed index is only gone on with by the key that signed it: everything in it will be
   * signed again.
   */
  static MirrorIndex read(Path mirror, Optional<ClearSigner> signer)
      throws IOException, IndexException, UntrustedIndexException, PublishException {
    Path file = mirror.resolve(NAME);
    if (!Files.exists(file)) {
      Index nothing = new Index(Map.of(), List.of(), List.of(), Optional.empty());
      return new MirrorIndex(file, IndexText.EMPTY, nothing, signer);
    }
    try {
      byte[] content = Files.readAllBytes(file);
      IndexText text = IndexText.read(content);
      if (text.signed() && signer.isEmpty()) {
        throw new PublishException(
            file + " is signed, and without a key it would no longer be; name one with --key");
      }
      IndexReader reader = text.signed() ? signer.orElseThrow().ownReader() : unverified();
      return new MirrorIndex(file, text, reader.read(content), signer);
    } catch (IndexException e) {
      throw new IndexException(file + ": " + e.getMessage(), e);
    } catch (UntrustedIndexException e) {
      throw new UntrustedIndexException(
          file + ": not signed by the key given, so it can't be signed again: " + e.getMessage(),
          e);
    }
  }

  private static IndexReader unverified() {
    try {
      return IndexReader.of(Verification.NO, Optional.empty());
    } catch (KeyException e) {
      throw new IllegalStateException("no key is needed", e);
    }
  }

  /** The SHA-512 that is listed for a file. */
  Optional<String> digest(String fileName) {
    return index.digest(fileName);
  }

  /** The current snapshot of a repository, if there is one. */
  Optional<Snapshot> current(String repository) throws PublishException {
    String version;
    try {
      version = index.currentVersion(repository);
    } catch (IndexException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(Snapshot.of(repository, version));
    } catch (StoreException e) {
      throw new PublishException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Fails where {@link #with} would fail for the snapshot's name.
   *
   * @throws PublishException if no client could read the name in an index
   */
  void checkName(Snapshot snapshot)
      throws PublishException, KeyException, IndexException, UntrustedIndexException {
    with(Map.of(snapshot.imageName(), "0".repeat(128)), snapshot);
  }

  /**
   * The bytes of the index that lists these files too and names {@code snapshot} as current.
   *
   * @param digests SHA-512 by file name
   * @throws PublishException if no client could read the snapshot's name in it
   */
  byte[] with(Map<String, String> digests, Snapshot snapshot)
      throws PublishException, KeyException, IndexException, UntrustedIndexException {
    IndexText edited = text;
    for (Map.Entry<String, String> entry : digests.entrySet()) {
      edited = edited.withDigest(entry.getKey(), entry.getValue());
    }
    edited = edited.withCurrent(snapshot.repository(), snapshot.version());
    byte[] bytes = edited.bytes();
    if (signer.isPresent()) {
      bytes = signer.get().sign(bytes);
    }
    check(bytes, digests, snapshot);
    return bytes;
  }

  private void check(byte[] bytes, Map<String, String> digests, Snapshot snapshot)
      throws PublishException, IndexException, UntrustedIndexException {
    IndexReader reader = signer.isPresent() ? signer.get().ownReader() : unverified();
    Index made = reader.read(bytes);
    boolean named = isCurrent(made, snapshot);
    boolean listed = made.digests().entrySet().containsAll(digests.entrySet());
    if (!named || !listed) {
      throw new PublishException(
          "'"
              + snapshot
              + "' can't be read back from an index; take a version of digits, letters and dots");
    }
  }

  private static boolean isCurrent(Index index, Snapshot snapshot) {
    try {
      return index.currentVersion(snapshot.repository()).equals(snapshot.version());
    } catch (IndexException e) {
      return false;
    }
  }

  /** The fingerprint of the key that signs. */
  Optional<String> signer() {
    return signer.map(ClearSigner::fingerprint);
  }
}
