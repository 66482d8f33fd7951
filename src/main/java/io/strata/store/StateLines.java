package io.strata.store;

import io.strata.store.IndexOrigin.Signer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts a state together from the lines of its file, see {@link StateFile}. */
final class StateLines {
  private static final String SHA512 = "([0-9a-f]{128})";
  private static final String SECONDS = "(-?[0-9]{1,11})";
  private static final Pattern ACCEPTED =
      pattern("(accepted|from) " + SHA512 + " (-|-?[0-9]{1,11}) (.+)");
  private static final Pattern INDEX =
      pattern("(index|from-index) " + SHA512 + " " + SECONDS + " (-|[0-9A-F]{32,64}) (.*)");
  private static final Pattern ROLLBACK = pattern("rollback " + SECONDS);
  private static final Pattern SEEN = pattern("seen (.+)");
  private static final Pattern DIGEST = pattern("digest " + SHA512 + " (.+)");
  private static final Pattern IMAGE =
      pattern("image " + SHA512 + " ([0-9]{1,18}) (-?[0-9]{1,19}) (-?[0-9]{1,19}) (.+)");

  private final String repository;
  private Optional<Accepted> accepted = Optional.empty();
  private Optional<Accepted> from = Optional.empty();
  private Optional<Instant> rollback = Optional.empty();
  private final List<String> seen = new ArrayList<>();
  private final Map<String, String> digests = new LinkedHashMap<>();
  private final Map<String, ImageRecord> images = new TreeMap<>();

  StateLines(String repository) {
    this.repository = repository;
  }

  /** What all lines said. */
  RepositoryState get() throws StoreException {
    if (rollback.isPresent() != from.isPresent()) {
      throw new StoreException("a rollback lacks its time or what it left");
    }
    Optional<AllowedRollback> allowed = from.map(f -> new AllowedRollback(f, rollback.get()));
    return new RepositoryState(accepted, allowed, seen, digests, images);
  }

  /** Adds what a line says; false if it says nothing that is known. */
  boolean take(String line) {
    try {
      return takeAccepted(line)
          || takeIndex(line)
          || takeRollback(line)
          || takeVersion(line)
          || takeImage(line);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private boolean takeAccepted(String line) {
    Matcher matcher = ACCEPTED.matcher(line);
    if (!matcher.matches() || !isVersion(matcher.group(4))) {
      return false;
    }
    Optional<Instant> signed =
        matcher.group(3).equals("-") ? Optional.empty() : Optional.of(time(matcher.group(3)));
    Accepted read = new Accepted(matcher.group(4), matcher.group(2), signed, Optional.empty());
    set(matcher.group(1).equals("accepted"), read);
    return true;
  }

  private boolean takeIndex(String line) {
    Matcher matcher = INDEX.matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    boolean last = matcher.group(1).equals("index");
    Optional<Signer> signer =
        matcher.group(4).equals("-")
            ? Optional.empty()
            : Optional.of(new Signer(matcher.group(4), matcher.group(5)));
    IndexOrigin origin = new IndexOrigin(matcher.group(2), time(matcher.group(3)), signer);
    Optional<Accepted> of = last ? accepted : from;
    of.ifPresent(
        a -> set(last, new Accepted(a.version(), a.sha512(), a.signed(), Optional.of(origin))));
    return of.isPresent();
  }

  private void set(boolean last, Accepted value) {
    if (last) {
      accepted = Optional.of(value);
    } else {
      from = Optional.of(value);
    }
  }

  private boolean takeRollback(String line) {
    Matcher matcher = ROLLBACK.matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    rollback = Optional.of(time(matcher.group(1)));
    return true;
  }

  private boolean takeVersion(String line) {
    Matcher matcher = SEEN.matcher(line);
    if (matcher.matches()) {
      seen.add(matcher.group(1));
      return true;
    }
    matcher = DIGEST.matcher(line);
    if (matcher.matches()) {
      digests.put(matcher.group(2), matcher.group(1));
      return true;
    }
    return false;
  }

  private boolean takeImage(String line) {
    Matcher matcher = IMAGE.matcher(line);
    if (!matcher.matches()) {
      return false;
    }
    FileStamp stamp =
        new FileStamp(
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Long.parseLong(matcher.group(4)));
    String version = matcher.group(5);
    images.put(version, new ImageRecord(version, matcher.group(1), stamp));
    return isVersion(version);
  }

  private boolean isVersion(String version) {
    return Snapshot.ofImageName(repository, repository + "-" + version + ".sqfs").isPresent();
  }

  // A version may hold what Unicode takes for the end of a line.
  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  private static Instant time(String seconds) {
    return Instant.ofEpochSecond(Long.parseLong(seconds));
  }
}
