package io.strata.trust;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was accepted of a repository before, against which an index must not be a step back.
 *
 * @param version that was current in the last accepted index
 * @param signed the newest signature time that was accepted
 * @param seen every version that was ever accepted
 * @param digests by version, of all images that accepted indexes listed: 128 lower-case hexadecimal
 *     digits
 */
public record Precedent(
    String version, Optional<Instant> signed, List<String> seen, Map<String, String> digests) {

  /** Takes copies, so that the value never changes. */
  public Precedent {
    seen = List.copyOf(seen);
    digests = Map.copyOf(digests);
  }

  /**
   * Why an index is older than the last one: it was signed before that, or names an older snapshot.
   *
   * @param current the version that the index names as the repository's snapshot
   * @return words that can follow the index's name; empty if it is not older
   */
  public Optional<String> rollback(Index index, String repository, String current) {
    Optional<Instant> now = index.signature().map(IndexSignature::created);
    if (now.isPresent() && signed.isPresent() && now.get().isBefore(signed.get())) {
      return Optional.of(
          "it was signed at " + now.get() + ", before the one accepted last, of " + signed.get());
    }
    if (!isOlder(current)) {
      return Optional.empty();
    }
    String here = repository + "-" + current;
    String last = repository + "-" + version;
    return Optional.of(
        "it goes back to " + here + ", older than " + last + " that was accepted before");
  }

  /**
   * Lets an index pass that gives every version the digest that it had before, whether it is the
   * current one or an older one that a delta may begin at.
   *
   * @throws UntrustedIndexException if one has another
   */
  public void checkDigests(Index index, String repository) throws UntrustedIndexException {
    for (Map.Entry<String, String> image : index.images(repository).entrySet()) {
      String known = digests.get(image.getKey());
      if (known != null && !known.equals(image.getValue())) {
        throw new UntrustedIndexException(
            "it gives "
                + repository
                + "-"
                + image.getKey()
                + ".sqfs another digest than the one accepted before; a version is unique");
      }
    }
  }

  private boolean isOlder(String current) {
    if (current.equals(version)) {
      return false;
    }
    OptionalInt order = VersionOrder.compare(current, version);
    return order.isPresent() ? order.getAsInt() < 0 : seen.contains(current);
  }
}
