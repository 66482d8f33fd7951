package io.strata.trust;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clear-signs an index by {@code gpg}, whose agent has the secret key: on a token, behind a
 * passphrase that it asks for, or on another machine. The environment says which home of GnuPG.
 */
public final class GnupgSigner implements IndexSigner {
  /** Lines of {@code --with-colons}: a fingerprint is the tenth field of an {@code fpr}. */
  private static final String FINGERPRINT = "fpr:";

  private static final int FINGERPRINT_FIELD = 9;

  private final String key;
  private final String program;
  private final Optional<Path> passphrase;
  private final String fingerprint;
  private final List<Certificate> certificates;

  private GnupgSigner(
      String key,
      String program,
      Optional<Path> passphrase,
      String fingerprint,
      List<Certificate> certificates) {
    this.key = key;
    this.program = program;
    this.passphrase = passphrase;
    this.fingerprint = fingerprint;
    this.certificates = certificates;
  }

  /**
   * A signer with a key of GnuPG.
   *
   * @param key as its {@code --local-user} takes it: a fingerprint, a key id, a user
   * @param program a name on the search path, or a path
   * @param passphrase a file whose first line is the key's passphrase; without one the agent knows
   *     it, or asks on the terminal or the screen
   * @throws KeyException if there is no gpg, or it has no such secret key
   */
  public static GnupgSigner withKey(String key, String program, Optional<Path> passphrase)
      throws KeyException {
    String list =
        text(run(key, program, new byte[0], "--with-colons", "--list-secret-keys", "--", key));
    Optional<String> fingerprint =
        list.lines()
            .filter(line -> line.startsWith(FINGERPRINT))
            .map(line -> line.split(":", -1)[FINGERPRINT_FIELD])
            .findFirst();
    if (fingerprint.isEmpty()) {
      throw failure(key, "it has no such secret key");
    }
    byte[] exported = run(key, program, new byte[0], "--export", "--", fingerprint.get());
    Path name = Path.of(name(key));
    return new GnupgSigner(
        key, program, passphrase, fingerprint.get(), CertificateFiles.ofPackets(name, exported));
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public IndexReader ownReader() {
    TrustedKeys own = new TrustedKeys(Path.of(name(key)), certificates);
    return new IndexReader(Verification.REQUIRED, Optional.of(own));
  }

  @Override
  public byte[] sign(byte[] body) throws KeyException {
    List<String> arguments =
        new ArrayList<>(List.of("--local-user", key, "--digest-algo", "SHA512"));
    passphrase.ifPresent(
        file ->
            arguments.addAll(
                List.of("--pinentry-mode", "loopback", "--passphrase-file", file.toString())));
    arguments.addAll(List.of("--output", "-", "--clear-sign"));
    return run(key, program, body, arguments.toArray(String[]::new));
  }

  private static String name(String key) {
    return "GnuPG's key " + key.replace('/', ' ');
  }

  private static byte[] run(String key, String program, byte[] input, String... arguments)
      throws KeyException {
    List<String> command = new ArrayList<>(List.of(program, "--batch", "--quiet"));
    command.addAll(Arrays.asList(arguments));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ProcessBuilder builder = new ProcessBuilder(command);
      terminal().ifPresent(tty -> builder.environment().putIfAbsent("GPG_TTY", tty));
      Process process = builder.start();
      try {
        Future<String> said = threads.submit(() -> text(process.getErrorStream().readAllBytes()));
        Future<Boolean> fed = threads.submit(() -> feed(process, input));
        byte[] out = process.getInputStream().readAllBytes();
        int status = process.waitFor();
        if (status != 0 || !fed.get()) {
          throw failure(key, said.get().isBlank() ? "status " + status : oneLine(said.get()));
        }
        return out;
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(key, "interrupted");
    } catch (ExecutionException e) {
      throw failure(key, "its words were lost: " + e.getMessage());
    } catch (IOException e) {
      throw new KeyException(
          program
              + " can't be run: "
              + e.getMessage()
              + "; install it (Debian: apt-get install gnupg)",
          e);
    }
  }

  /** Where the agent can ask for a passphrase, which it can't find out: gpg's stdin is a pipe. */
  private static Optional<String> terminal() {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
      try {
        Path open = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
        if (open.startsWith("/dev/pts") || open.toString().startsWith("/dev/tty")) {
          return Optional.of(open.toString());
        }
      } catch (IOException e) {
        continue; // closed, or no such /proc
      }
    }
    return Optional.empty();
  }

  /** Gives whether the program took all of its input; one that fails may not. */
  private static boolean feed(Process process, byte[] input) {
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(input);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String oneLine(String words) {
    return String.join("; ", words.lines().filter(line -> !line.isBlank()).limit(4).toList());
  }

  private static KeyException failure(String key, String why) {
    return new KeyException(
        "GnuPG can't sign with "
            + key
            + ": "
            + why
            + "; 'gpg --list-secret-keys' shows which keys it has. The passphrase of one is asked"
            + " for on a terminal (GPG_TTY), or read from --passphrase-file");
  }
}
