package io.strata.sync;

import io.strata.store.Accepted;
import io.strata.store.AllowedRollback;
import io.strata.store.IndexOrigin;
import io.strata.store.IndexOrigin.Signer;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.trust.IndexSignature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is to be remembered once the snapshot of an index is here. */
final class Acceptance {
  private final VerifiedIndex index;
  private final Instant now;

  Acceptance(VerifiedIndex index, Instant now) {
    this.index = index;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** The state after that. */
  RepositoryState after(RepositoryState state) {
    Accepted accepted = accepted(state);
    if (index.older()) {
      Accepted from =
          state.rollback().map(AllowedRollback::from).or(state::accepted).orElse(accepted);
      return state.withRollback(accepted, new AllowedRollback(from, now)).withDigests(digests());
    }
    boolean good =
        state.rollback().filter(r -> IndexPolicy.endsRollback(index, r, state)).isPresent();
    RepositoryState newer = state.withAccepted(accepted).withDigests(digests());
    return good ? newer.withoutRollback() : newer;
  }

  private Accepted accepted(RepositoryState state) {
    // Where verification is off now, the time that was once accepted still counts.
    Optional<Instant> signed =
        index
            .index()
            .signature()
            .map(IndexSignature::created)
            .or(() -> state.accepted().flatMap(Accepted::signed));
    return new Accepted(
        index.target().version(), index.sha512(), signed, Optional.of(origin(state)));
  }

  private IndexOrigin origin(RepositoryState state) {
    Optional<Signer> signer =
        index.index().signature().map(s -> new Signer(s.fingerprint(), s.signer()));
    Instant first =
        state
            .accepted()
            .flatMap(Accepted::origin)
            .filter(o -> o.sha512().equals(index.fileSha512()))
            .map(IndexOrigin::at)
            .orElse(now);
    return new IndexOrigin(index.fileSha512(), first, signer);
  }

  // What nobody signed is believed of the image only that came here with that digest.
  private Map<String, String> digests() {
    Snapshot target = index.target();
    Map<String, String> digests = new LinkedHashMap<>();
    if (index.index().signature().isPresent()) {
      index
          .index()
          .images(target.repository())
          .forEach(
              (version, sha512) -> {
                String image = target.repository() + "-" + version + ".sqfs";
                if (Snapshot.ofImageName(target.repository(), image).isPresent()) {
                  digests.put(version, sha512);
                }
              });
    }
    digests.remove(target.version());
    digests.put(target.version(), index.sha512());
    return digests;
  }
}
