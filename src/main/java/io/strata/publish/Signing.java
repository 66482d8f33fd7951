package io.strata.publish;

import io.strata.trust.ClearSigner;
import io.strata.trust.GnupgSigner;
import io.strata.trust.IndexSigner;
import io.strata.trust.KeyException;
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
   * @param passphrase of the key; empty if it has none
   */
  record KeyInFile(Path file, String passphrase) implements Signing {
    @Override
    public Optional<IndexSigner> signer() throws KeyException {
      return Optional.of(ClearSigner.withKey(file, passphrase));
    }

    @Override
    public String toString() {
      return "KeyInFile[" + file + "]"; // never the passphrase
    }
  }

  /**
   * GnuPG's agent.
   *
   * @param key as {@code gpg --local-user} takes it
   * @param program a name on the search path, or a path
   */
  record Gnupg(String key, String program) implements Signing {
    @Override
    public Optional<IndexSigner> signer() throws KeyException {
      return Optional.of(GnupgSigner.withKey(key, program));
    }
  }
}
