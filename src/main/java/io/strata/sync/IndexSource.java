package io.strata.sync;

import io.strata.store.Accepted;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import io.strata.trust.Freshness;
import io.strata.trust.Index;
import io.strata.trust.IndexException;
import io.strata.trust.IndexReader;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import java.net.URI;
import java.util.Optional;

/** Fetches a repository's index and decides whether to believe it. */
final class IndexSource {
  static final String NAME = "sha512sum.txt";

  private final RepositoryConfig config;
  private final IndexReader reader;

  private IndexSource(RepositoryConfig config, IndexReader reader) {
    this.config = config;
    this.reader = reader;
  }

  /** Reads the keys first: without them there is nothing to fetch. */
  static IndexSource of(RepositoryConfig config) throws SyncException {
    try {
      return new IndexSource(config, IndexReader.of(config.verification(), config.keyPath()));
    } catch (KeyException e) {
      throw new SyncException(Failure.SIGNATURE, config.name() + ": " + e.getMessage(), e);
    }
  }

  /** The index of a mirror. */
  VerifiedIndex fetch(URI uri, Mirror mirror, RepositoryState state, SyncListener listener)
      throws SyncException {
    byte[] content = new Download(mirror, listener).small(NAME, IndexReader.MAX_SIZE);
    String what = mirror.address(NAME) + ": ";
    try {
      Index index = reader.read(content);
      Snapshot target = Snapshot.of(config.name(), index.currentVersion(config.name()));
      String sha512 = index.digest(target.imageName()).orElseThrow();
      Optional<Freshness> last = freshness(state);
      if (last.isPresent()) {
        last.get().check(index, config.name(), target.version());
      }
      return new VerifiedIndex(mirror, uri, index, target, sha512);
    } catch (IndexException | StoreException e) {
      throw new SyncException(
          Failure.INDEX, what + e.getMessage() + "; try again later, or another mirror", e);
    } catch (UntrustedIndexException e) {
      String wayOut = "; try another mirror, or check openpgp-verify and sync-openpgp-key-path";
      throw new SyncException(Failure.SIGNATURE, what + e.getMessage() + wayOut, e);
    }
  }

  private static Optional<Freshness> freshness(RepositoryState state) {
    return state.accepted().map(last -> freshness(last, state));
  }

  private static Freshness freshness(Accepted last, RepositoryState state) {
    return new Freshness(last.version(), last.sha512(), last.signed(), state.seen());
  }
}
