package io.strata.cli;

import io.strata.publish.Signing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Who signs an index: a key in a file, or GnuPG. */
final class SigningOptions {
  /** A key in a file. */
  static final class InFile {
    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description = "Sign the index with the OpenPGP secret key in this file.")
    private Path key = Path.of("");

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The first line of this file is the passphrase of the key.")
    private @Nullable Path passphrase;
  }

  @ArgGroup(exclusive = false)
  private @Nullable InFile inFile;

  @Option(
      names = "--gpg-key",
      required = true,
      paramLabel = "ID",
      description =
          "Have GnuPG sign the index with this key, as 'gpg --local-user' takes it: one that its"
              + " agent unlocks, or that is on a token.")
  private @Nullable String gnupg;

  Signing chosen() throws CommandException {
    if (gnupg != null) {
      return new Signing.Gnupg(gnupg, "gpg");
    }
    return inFile == null
        ? new Signing.Nobody()
        : new Signing.KeyInFile(inFile.key, passphrase(inFile.passphrase));
  }

  private static String passphrase(@Nullable Path file) throws CommandException {
    if (file == null) {
      return "";
    }
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FILE, file + ": can't read the passphrase: " + Failures.describe(e), e);
    }
  }
}
