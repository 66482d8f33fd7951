package io.strata.publish;

import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import io.strata.trust.Index;
import io.strata.trust.IndexException;
import io.strata.trust.IndexReader;
import io.strata.trust.IndexSigner;
import io.strata.trust.IndexText;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import io.strata.trust.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The index of a mirror directory, before and after a publication. Immutable. */
final class MirrorIndex {
  /** Its name in the mirror directory. */
  static final String NAME = "sha512sum.txt";

  /** An index that names nothing. */
  private static final byte[] TRIAL = "trial\n".getBytes(StandardCharsets.US_ASCII);

  private final Path file;
  private final IndexText text;
  private final Index index;
  private final Optional<IndexSigner> signer;

  private MirrorIndex(Path file, IndexText text, Index index, Optional<IndexSigner> signer) {
    this.file = file;
    this.text = text;
    this.index = index;
    this.signer = signer;
  }

  /**
   * Reads the index that is there; a mirror without one has an empty one.
   *
   * <p>A signed index is only gone on with by the key that signed it, or where {@code oldKey} holds
   * that one's public half: everything in it will be signed again.
   */
  static MirrorIndex read(Path mirror, Optional<IndexSigner> signer, Optional<Path> oldKey)
      throws IOException, IndexException, UntrustedIndexException, PublishException, KeyException {
    Path file = mirror.resolve(NAME);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Index nothing = new Index(Map.of(), List.of(), List.of(), Optional.empty());
      return new MirrorIndex(file, IndexText.EMPTY, nothing, signer);
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      // Every line of what a link leads to would be published.
      throw new PublishException(file + ": not a plain file, so no index; move it away");
    }
    try {
      byte[] content = Files.readAllBytes(file);
      IndexText text = IndexText.read(content);
      if (text.signed() && signer.isEmpty()) {
        throw new PublishException(
            file
                + " is signed, and without a key it would no longer be; name one with --key or"
                + " --gpg-key");
      }
      Index index =
          text.signed()
              ? verified(content, signer.orElseThrow(), oldKey)
              : unverified().read(content);
      return new MirrorIndex(file, text, index, signer);
    } catch (IndexException e) {
      throw new IndexException(file + ": " + e.getMessage(), e);
    } catch (UntrustedIndexException e) {
      throw new UntrustedIndexException(
          file
              + ": not signed by the key given, so it can't be signed again: "
              + e.getMessage()
              + "; --old-key names the public key of the one before",
          e);
    }
  }

  private static Index verified(byte[] content, IndexSigner signer, Optional<Path> oldKey)
      throws IndexException, UntrustedIndexException, KeyException {
    if (oldKey.isPresent()) {
      try {
        return IndexReader.of(Verification.REQUIRED, oldKey).read(content);
      } catch (UntrustedIndexException e) {
        return signer.ownReader().read(content); // the change has been made before
      }
    }
    return signer.ownReader().read(content);
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

  /** Whether a file is listed. */
  boolean lists(String fileName) {
    return index.digest(fileName).isPresent();
  }

  /** The names of all files that are listed, in their order. */
  List<String> listed() {
    return text.listed().stream().filter(this::lists).toList();
  }

  /** The SHA-512 of the images of a repository that are listed, by their names. */
  Map<String, String> images(String repository) {
    Map<String, String> images = new TreeMap<>();
    for (Snapshot snapshot : snapshots(repository)) {
      digest(snapshot.imageName()).ifPresent(d -> images.put(snapshot.imageName(), d));
    }
    return images;
  }

  /** The snapshots of a repository whose images are listed, in the order of their publication. */
  List<Snapshot> snapshots(String repository) {
    return snapshots(repository, listed());
  }

  /** The snapshots of a repository whose images are among these files, in their order. */
  static List<Snapshot> snapshots(String repository, List<String> fileNames) {
    return fileNames.stream()
        .flatMap(name -> Snapshot.ofImageName(repository, name).stream())
        .filter(snapshot -> Index.isOf(repository, snapshot.toString()))
        .toList();
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
   * Has the key sign something of no account, so that one that can't sign, or a wrong passphrase,
   * is known before there is work to lose.
   *
   * @throws UntrustedIndexException if clients would not take what it signs
   */
  void tryKey() throws KeyException, IndexException, UntrustedIndexException {
    if (signer.isPresent()) {
      signer.get().ownReader().read(signer.get().sign(TRIAL));
    }
  }

  /**
   * Fails where {@link #with} would fail for the snapshot's name. Signs nothing.
   *
   * @throws PublishException if no client could read the name in an index
   */
  void checkName(Snapshot snapshot) throws PublishException, IndexException {
    Map<String, String> digests = Map.of(snapshot.imageName(), "0".repeat(128));
    try {
      check(unverified().read(edited(digests, Set.of(), snapshot)), digests, snapshot);
    } catch (UntrustedIndexException e) {
      throw new IllegalStateException("nothing is to be verified", e);
    }
  }

  /**
   * The bytes of the index that lists these files too and names {@code snapshot} as current.
   *
   * @param digests SHA-512 by file name
   * @param without files that it lists no longer
   * @throws PublishException if no client could read the snapshot's name in it
   */
  byte[] with(Map<String, String> digests, Set<String> without, Snapshot snapshot)
      throws PublishException, KeyException, IndexException, UntrustedIndexException {
    byte[] bytes = edited(digests, without, snapshot);
    IndexReader reader = unverified();
    if (signer.isPresent()) {
      bytes = signer.get().sign(bytes);
      reader = signer.get().ownReader();
    }
    check(reader.read(bytes), digests, snapshot);
    return bytes;
  }

  private byte[] edited(Map<String, String> digests, Set<String> without, Snapshot snapshot) {
    IndexText edited = text.without(without);
    for (Map.Entry<String, String> entry : digests.entrySet()) {
      edited = edited.withDigest(entry.getKey(), entry.getValue());
    }
    return edited.withCurrent(snapshot.repository(), snapshot.version()).bytes();
  }

  private static void check(Index made, Map<String, String> digests, Snapshot snapshot)
      throws PublishException {
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
    return signer.map(IndexSigner::fingerprint);
  }
}
