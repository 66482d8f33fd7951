package io.strata.sync;

import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import io.strata.trust.Index;
import io.strata.trust.IndexException;
import io.strata.trust.IndexReader;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import java.net.URI;

/** Fetches a repository's index and decides whether to believe it. */
final class IndexSource {
  static final String NAME = "sha512sum.txt";

  private final RepositoryConfig config;
  private final IndexReader reader;
  private final IndexPolicy policy;

  private IndexSource(RepositoryConfig config, IndexReader reader, IndexPolicy policy) {
    this.config = config;
    this.reader = reader;
    this.policy = policy;
  }

  /** Reads the keys first: without them there is nothing to fetch. */
  static IndexSource of(RepositoryConfig config, OlderIndex older) throws SyncException {
    try {
      IndexReader reader = IndexReader.of(config.verification(), config.keyPath());
      return new IndexSource(config, reader, new IndexPolicy(config, older));
    } catch (KeyException e) {
      throw new SyncException(Failure.SIGNATURE, config.name() + ": " + e.getMessage(), e);
    }
  }

  /** The index of a mirror. */
  VerifiedIndex fetch(URI uri, Mirror mirror, RepositoryState state, SyncListener listener)
      throws SyncException {
    byte[] content =
        new Download(mirror, FileLimits.DEFAULT, listener).small(NAME, IndexReader.MAX_SIZE);
    String what = mirror.address(NAME) + ": ";
    try {
      Index index = reader.read(content);
      Snapshot target = Snapshot.of(config.name(), index.currentVersion(config.name()));
      String sha512 = index.digest(target.imageName()).orElseThrow();
      boolean older =
          policy.check(index, target, state, warning -> listener.warning(what + warning));
      return new VerifiedIndex(mirror, uri, index, Sha512.of(content), older, target, sha512);
    } catch (IndexException | StoreException e) {
      throw new SyncException(
          Failure.INDEX, what + e.getMessage() + "; try again later, or another mirror", e);
    } catch (UntrustedIndexException e) {
      throw new SyncException(Failure.SIGNATURE, what + e.getMessage(), e);
    }
  }
}
