package io.strata.cli;

import io.strata.publish.Signing;
import io.strata.trust.Passphrase;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Who signs an index: a key in a file, or GnuPG; and the key's passphrase. */
final class SigningOptions {
  /** One of the two. */
  static final class Key {
    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description = "Sign the index with the OpenPGP secret key in this file.")
    private @Nullable Path file;

    @Option(
        names = "--gpg-key",
        required = true,
        paramLabel = "ID",
        description =
            "Have GnuPG sign the index with this key, as 'gpg --local-user' takes it: one that its"
                + " agent unlocks, or that is on a token.")
    private @Nullable String gnupg;
  }

  @ArgGroup(exclusive = true, multiplicity = "1")
  private @Nullable Key key;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "The first line of this file is the passphrase of the key. Without it, a person at a"
              + " terminal is asked, if the key has one.")
  private @Nullable Path passphrase;

  Signing chosen() throws CommandException {
    if (key == null) {
      return new Signing.Nobody();
    }
    if (key.gnupg != null) {
      return new Signing.Gnupg(key.gnupg, "gpg", Optional.ofNullable(passphrase));
    }
    if (key.file == null) {
      return new Signing.Nobody();
    }
    return new Signing.KeyInFile(
        key.file, passphrase == null ? SigningOptions::ask : Passphrase.of(firstLine(passphrase)));
  }

  private static Optional<String> ask(Path key) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    char @Nullable [] typed = console.readPassword("Passphrase of %s: ", key);
    return typed == null ? Optional.empty() : Optional.of(new String(typed));
  }

  private static String firstLine(Path file) throws CommandException {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FILE, file + ": can't read the passphrase: " + Failures.describe(e), e);
    }
  }
}
