package io.strata.trust;

import java.nio.file.Path;
import java.util.Optional;

/** Gives the passphrase of a secret key, when it turns out to have one. */
@FunctionalInterface
public interface Passphrase {
  /** There is none. */
  Passphrase NONE = _ -> Optional.empty();

  /** This one. */
  static Passphrase of(String words) {
    return _ -> Optional.of(words);
  }

  /**
   * The passphrase of the key in a file; empty if nobody knows it.
   *
   * @param key the file, to name it to a person who is asked
   */
  Optional<String> of(Path key);
}
