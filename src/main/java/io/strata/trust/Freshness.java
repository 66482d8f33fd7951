package io.strata.trust;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was accepted of a repository before, against which an index must not be a step back.
 *
 * @param version that was current in the last accepted index
 * @param sha512 of its image, 128 lower-case hexadecimal digits
 * @param signed the newest signature time that was accepted
 * @param seen every version that was ever accepted
 */
public record Freshness(
    String version, String sha512, Optional<Instant> signed, List<String> seen) {

  /**
   * Lets an index pass that is at least as new as the last one.
   *
   * @param index which names {@code current} as the repository's snapshot
   * @throws UntrustedIndexException if it was signed before the last one, names an older snapshot,
   *     or the same one with another digest
   */
  public void check(Index index, String repository, String current) throws UntrustedIndexException {
    checkTime(index);
    if (current.equals(version)) {
      checkDigest(index, repository);
    } else if (isOlder(current)) {
      throw new UntrustedIndexException(
          "it goes back to "
              + repository
              + "-"
              + current
              + ", older than "
              + repository
              + "-"
              + version
              + " that was accepted before (rollback)");
    }
  }

  private void checkTime(Index index) throws UntrustedIndexException {
    Optional<Instant> now = index.signature().map(IndexSignature::created);
    if (now.isPresent() && signed.isPresent() && now.get().isBefore(signed.get())) {
      throw new UntrustedIndexException(
          "it was signed at "
              + now.get()
              + ", before the one accepted last, of "
              + signed.get()
              + " (rollback)");
    }
  }

  private void checkDigest(Index index, String repository) throws UntrustedIndexException {
    String name = repository + "-" + version + ".sqfs";
    if (!index.digest(name).equals(Optional.of(sha512))) {
      throw new UntrustedIndexException(
          "it gives " + name + " another digest than the one accepted before; a version is unique");
    }
  }

  private boolean isOlder(String current) {
    OptionalInt order = VersionOrder.compare(current, version);
    return order.isPresent() ? order.getAsInt() < 0 : seen.contains(current);
  }
}
