package io.strata.sync;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through the mirrors of a repository until one serves. At a mirror that is being updated,
 * whose index and files do not belong together, it waits and takes the index anew.
 */
final class MirrorTurns {
  private final RepositoryConfig config;
  private final Mirrors mirrors;
  private final FileLimits limits;
  private final SyncListener listener;

  MirrorTurns(RepositoryConfig config, Mirrors mirrors, FileLimits limits, SyncListener listener) {
    this.config = config;
    this.mirrors = mirrors;
    this.limits = limits;
    this.listener = listener;
  }

  /** Fetches and verifies the index of a mirror. */
  interface IndexFetch {
    VerifiedIndex at(URI uri, Mirror mirror) throws SyncException;
  }

  /** What is to be done with an index. */
  interface Attempt<T> {
    T with(VerifiedIndex index, Sources sources) throws SyncException;
  }

  <T> T go(IndexFetch indexes, Attempt<T> attempt) throws SyncException {
    SyncException worst = null;
    List<URI> uris = config.syncUris();
    for (int i = 0; i < uris.size(); i++) {
      try {
        return atMirror(uris.subList(i, uris.size()), indexes, attempt);
      } catch (SyncException e) {
        if (!e.failure().isTheMirrors()) {
          throw e;
        }
        if (i + 1 < uris.size()) {
          listener.warning(e.getMessage() + "; trying " + UserInfo.without(uris.get(i + 1)));
        }
        // A signature that is wrong says more than a mirror that is down.
        worst = worst == null || e.failure() == Failure.SIGNATURE ? e : worst;
      }
    }
    throw worst != null
        ? worst
        : new SyncException(Failure.CONFIGURATION, config.name() + ": it has no sync-uri");
  }

  private <T> T atMirror(List<URI> uris, IndexFetch indexes, Attempt<T> attempt)
      throws SyncException {
    List<Mirror> open = new ArrayList<>();
    for (URI uri : uris) {
      open.add(mirrors.open(uri));
    }
    URI uri = UserInfo.without(uris.getFirst());
    Mirror mirror = open.getFirst();
    VerifiedIndex index = indexes.at(uri, mirror);
    for (int round = 1; ; round++) {
      try {
        return attempt.with(index, new Sources(open, mirrors.blame(), limits, listener));
      } catch (SyncException e) {
        index = after(e, round, index, indexes, mirror);
      }
    }
  }

  /** The index to try again with; the failure, if that makes no sense. */
  private VerifiedIndex after(
      SyncException e, int round, VerifiedIndex index, IndexFetch indexes, Mirror mirror)
      throws SyncException {
    Retries retries = mirrors.retries();
    boolean updating = e.failure() == Failure.MID_UPDATE;
    if (round >= retries.attempts() || !(updating || e.failure() == Failure.DOWNLOAD)) {
      throw e;
    }
    if (updating) {
      Duration pause = retries.before(round + 1, Duration.ZERO);
      listener.progress(e.getMessage() + "; taking the index anew" + inSeconds(pause), 0, 0);
      retries.pause(pause);
    }
    VerifiedIndex now = again(e, index, indexes, mirror);
    if (!updating && now.index().digests().equals(index.index().digests())) {
      throw e;
    }
    return now;
  }

  private static VerifiedIndex again(
      SyncException e, VerifiedIndex index, IndexFetch indexes, Mirror mirror)
      throws SyncException {
    try {
      return indexes.at(index.uri(), mirror);
    } catch (SyncException another) {
      e.addSuppressed(another);
      throw e;
    }
  }

  private static String inSeconds(Duration pause) {
    return pause.isZero() ? "" : " in " + Math.max(1, pause.toSeconds()) + " s";
  }
}
