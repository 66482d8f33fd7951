package io.strata.cli;

import io.strata.store.Accepted;
import io.strata.store.AllowedRollback;
import io.strata.store.IndexOrigin;
import io.strata.store.RepositoryState;
import io.strata.sync.RepositoryConfig;
import io.strata.trust.Freshness;
import io.strata.trust.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * On whose word a repository is what it is here, and how old that is.
 *
 * @param verification that is asked for
 * @param maxAge how old an index may be, if there is a limit
 * @param state what was accepted
 */
record IndexTrust(Verification verification, Optional<Duration> maxAge, RepositoryState state) {

  static IndexTrust of(RepositoryConfig config, RepositoryState state) {
    return new IndexTrust(config.verification(), config.maxAge(), state);
  }

  /** For people: a key, blanks, and words; nothing where nothing was accepted yet. */
  List<String> lines(Instant now) {
    List<String> lines = new ArrayList<>();
    state
        .accepted()
        .ifPresent(
            accepted -> {
              lines.add("trust      " + trust(accepted));
              lines.add("index      " + index(accepted, now));
            });
    state.rollback().ifPresent(rollback -> lines.add("rollback   " + rollback(rollback)));
    return lines;
  }

  /** For scripts; empty where nothing was accepted yet. */
  Map<String, Object> json(Instant now) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (state.accepted().isEmpty()) {
      return object;
    }
    Accepted accepted = state.accepted().get();
    object.put("verify", verification.name().toLowerCase(Locale.ROOT));
    object.put("accepted", accepted.version());
    accepted.origin().ifPresent(origin -> putOrigin(object, origin));
    accepted.signed().ifPresent(signed -> putAge(object, signed, now));
    state.rollback().ifPresent(rollback -> object.put("rollback", rollbackObject(rollback)));
    return object;
  }

  private String trust(Accepted accepted) {
    if (accepted.origin().isEmpty()) {
      return "not known until the next sync";
    }
    return accepted
        .origin()
        .flatMap(IndexOrigin::signer)
        .map(signer -> "signed by " + signer.user() + ", key " + signer.key())
        .orElse(
            verification == Verification.NO
                ? "not verified (openpgp-verify = no)"
                : "not signed (openpgp-verify = " + word() + ")");
  }

  private String word() {
    return verification.name().toLowerCase(Locale.ROOT);
  }

  private String index(Accepted accepted, Instant now) {
    if (accepted.signed().isPresent()) {
      Instant signed = accepted.signed().get();
      return "signed at " + signed + ", age " + age(signed, now) + judgement(signed, now);
    }
    return accepted
        .origin()
        .map(origin -> "accepted at " + origin.at() + ", age " + age(origin.at(), now))
        .orElse("age not known");
  }

  private String judgement(Instant signed, Instant now) {
    return switch (freshness(signed, now)) {
      case FRESH -> "";
      case OLD -> " (old: more than sync-squashdelta-max-age)";
      case EXPIRED -> " (too old: more than twice sync-squashdelta-max-age)";
      case FUTURE -> " (in the future: check the clock)";
    };
  }

  private Freshness freshness(Instant signed, Instant now) {
    if (maxAge.isEmpty()) {
      return Freshness.isFuture(signed, now) ? Freshness.FUTURE : Freshness.FRESH;
    }
    return Freshness.of(signed, maxAge.get(), now);
  }

  private static String rollback(AllowedRollback rollback) {
    Accepted from = rollback.from();
    return "allowed at "
        + rollback.at()
        + ": older than "
        + from.version()
        + from.signed().map(signed -> ", signed at " + signed + ",").orElse("")
        + " that was accepted before";
  }

  private static String age(Instant since, Instant now) {
    return StatusCommand.age(Duration.between(since, now));
  }

  private static void putOrigin(Map<String, Object> object, IndexOrigin origin) {
    object.put("index-sha512", origin.sha512());
    object.put("accepted-at", origin.at().toString());
    origin
        .signer()
        .ifPresent(
            signer -> {
              object.put("key", signer.key());
              object.put("signer", signer.user());
            });
  }

  private void putAge(Map<String, Object> object, Instant signed, Instant now) {
    object.put("signed", signed.toString());
    object.put("age-seconds", Duration.between(signed, now).toSeconds());
    maxAge.ifPresent(age -> object.put("max-age-seconds", age.toSeconds()));
    object.put("freshness", freshness(signed, now).name().toLowerCase(Locale.ROOT));
  }

  private static Map<String, Object> rollbackObject(AllowedRollback rollback) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("allowed-at", rollback.at().toString());
    object.put("from", rollback.from().version());
    rollback.from().signed().ifPresent(signed -> object.put("from-signed", signed.toString()));
    return object;
  }
}
