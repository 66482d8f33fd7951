package io.strata.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Which index was accepted, and on whose word.
 *
 * @param sha512 of the index, 128 lower-case hexadecimal digits
 * @param at when it was first accepted here, to the second
 * @param signer who signed it; empty if no signature was verified
 */
public record IndexOrigin(String sha512, Instant at, Optional<Signer> signer) {

  /**
   * Whose signature was good.
   *
   * @param key its fingerprint, upper-case hexadecimal
   * @param user a user id of the key's certificate, without control characters
   */
  public record Signer(String key, String user) {
    /** Makes one line of a user id, whatever it holds. */
    public Signer {
      user = user.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ").strip();
    }
  }
}
