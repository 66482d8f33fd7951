package io.strata.sync;

import io.strata.store.Accepted;
import io.strata.store.AllowedRollback;
import io.strata.store.ImageRecord;
import io.strata.store.IndexOrigin;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.trust.Freshness;
import io.strata.trust.Index;
import io.strata.trust.IndexSignature;
import io.strata.trust.Precedent;
import io.strata.trust.UntrustedIndexException;
import io.strata.trust.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Holds a verified index against the clock and against what was accepted before. */
final class IndexPolicy {
  private final RepositoryConfig config;
  private final OlderIndex olderIndex;

  IndexPolicy(RepositoryConfig config, OlderIndex olderIndex) {
    this.config = config;
    this.olderIndex = olderIndex;
  }

  /**
   * Lets an index pass, or not.
   *
   * @param target the snapshot that it names as current
   * @return whether it is older than the last one, which the user allows
   */
  boolean check(Index index, Snapshot target, RepositoryState state, Consumer<String> warnings)
      throws UntrustedIndexException {
    checkSigner(index, state, warnings);
    checkChoice(index, target, warnings);
    Optional<Precedent> last = state.accepted().map(accepted -> precedent(accepted, state));
    boolean older = false;
    if (last.isPresent()) {
      last.get().checkDigests(index, config.name());
      older = isRollback(last.get().rollback(index, config.name(), target.version()), warnings);
    }
    checkAge(index, warnings);
    return older;
  }

  /** Whether an index makes good for a rollback that was allowed, as it is not older. */
  static boolean endsRollback(
      VerifiedIndex index, AllowedRollback rollback, RepositoryState state) {
    return precedent(rollback.from(), state)
        .rollback(index.index(), index.target().repository(), index.target().version())
        .isEmpty();
  }

  private void checkSigner(Index index, RepositoryState state, Consumer<String> warnings) {
    Optional<IndexOrigin.Signer> before =
        state.accepted().flatMap(Accepted::origin).flatMap(IndexOrigin::signer);
    if (config.verification() == Verification.YES
        && index.signature().isEmpty()
        && before.isPresent()) {
      warnings.accept(
          "it is not signed, while the one accepted before was, by "
              + before.get().user()
              + "; set openpgp-verify = required to refuse such");
    }
  }

  private static void checkChoice(Index index, Snapshot target, Consumer<String> warnings) {
    index
        .withheld(target.repository(), target.version())
        .ifPresent(
            newer ->
                warnings.accept(
                    "only a comment, which is not signed, says that "
                        + target
                        + " is current, and "
                        + newer
                        + " is listed, too; does the mirror hold it back?"));
  }

  private boolean isRollback(Optional<String> why, Consumer<String> warnings)
      throws UntrustedIndexException {
    if (why.isEmpty()) {
      return false;
    }
    if (olderIndex == OlderIndex.REFUSED) {
      throw new UntrustedIndexException(
          why.get()
              + " (rollback); try another mirror, or 'strata sync --allow-rollback "
              + config.name()
              + "' if you mean to go back");
    }
    warnings.accept(why.get() + "; accepted, for a rollback is allowed");
    return true;
  }

  private void checkAge(Index index, Consumer<String> warnings) throws UntrustedIndexException {
    Optional<Instant> signed = index.signature().map(IndexSignature::created);
    Instant now = Instant.now();
    if (signed.isEmpty()) {
      return;
    }
    if (Freshness.isFuture(signed.get(), now)) {
      throw new UntrustedIndexException(
          "it was signed at "
              + signed.get()
              + ", which is still to come; check the clock of this machine, or try another mirror");
    }
    if (config.maxAge().isPresent()) {
      checkAge(signed.get(), config.maxAge().get(), now, warnings);
    }
  }

  private void checkAge(Instant signed, Duration maxAge, Instant now, Consumer<String> warnings)
      throws UntrustedIndexException {
    Freshness freshness = Freshness.of(signed, maxAge, now);
    if (freshness == Freshness.FRESH) {
      return;
    }
    String age =
        "it was signed at " + signed + ", " + words(Duration.between(signed, now)) + " ago, more";
    String limit = "sync-squashdelta-max-age (" + words(maxAge) + ")";
    if (freshness == Freshness.EXPIRED && olderIndex == OlderIndex.REFUSED) {
      throw new UntrustedIndexException(
          age
              + " than twice "
              + limit
              + " (freeze); try another mirror, or raise sync-squashdelta-max-age");
    }
    warnings.accept(age + " than " + limit + "; is the mirror still kept up to date?");
  }

  private static Precedent precedent(Accepted last, RepositoryState state) {
    Map<String, String> digests = new HashMap<>();
    for (ImageRecord image : state.images().values()) {
      digests.put(image.version(), image.sha512());
    }
    digests.putAll(state.digests());
    digests.put(last.version(), last.sha512());
    return new Precedent(last.version(), last.signed(), state.seen(), digests);
  }

  private static String words(Duration duration) {
    return duration.compareTo(Duration.ofDays(2)) < 0
        ? duration.toHours() + " hours"
        : duration.toDays() + " days";
  }
}
