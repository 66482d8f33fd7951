package io.strata.publish;

import io.strata.trust.ClearSigner;
import io.strata.trust.GnupgSigner;
import io.strata.trust.IndexSigner;
import io.strata.trust.KeyException;
import io.strata.trust.Passphrase;
import java.nio.file.Path;
import java.util.Optional;

/** Who signs the index. */
public sealed interface Signing {
  /** Opens the key; empty where nobody signs. */
  Optional<IndexSigner> signer() throws KeyException;

  /** Nobody. */
  record Nobody() implements Signing {
    @Override
    public Optional<IndexSigner> signer() {
      return Optional.empty();
    }
  }

  /**
   * The OpenPGP secret key in a file.
   *
   * @param file armored or binary
   * @param passphrase is asked if the key has one
   */
  record KeyInFile(Path file, Passphrase passphrase) implements Signing {
    @Override
    public Optional<IndexSigner> signer() throws KeyException {
      return Optional.of(ClearSigner.withKey(file, passphrase));
    }
  }

  /**
   * GnuPG.
   *
   * @param key as {@code gpg --local-user} takes it
   * @param program a name on the search path, or a path
   * @param passphrase a file whose first line is the key's passphrase; without one the agent knows
   *     it, or asks
   */
  record Gnupg(String key, String program, Optional<Path> passphrase) implements Signing {
    @Override
    public Optional<IndexSigner> signer() throws KeyException {
      return Optional.of(GnupgSigner.withKey(key, program, passphrase));
    }
  }
}
