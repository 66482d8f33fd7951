package io.strata.trust;

import java.util.Locale;
import java.util.Optional;

/** What {@code openpgp-verify} asks for. */
public enum Verification {
  /** Signatures are not looked at. */
  NO,
  /** A signature must be good; an index without one is taken. */
  YES,
  /** There must be a good signature. */
  REQUIRED;

  /** The value of that name, in any case. */
  public static Optional<Verification> of(String name) {
    for (Verification value : values()) {
      if (value.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
