package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** GnuPG with a home of its own, for tests. */
public final class Gpg implements AutoCloseable {
  private final Path home;

  public Gpg(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home);
    Files.setPosixFilePermissions(
        home, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
  }

  /** Makes a key without passphrase; {@code usage} and {@code expiry} as GnuPG has them. */
  public void key(String user, String algorithm, String usage, String expiry) throws Exception {
    run("--passphrase", "", "--quick-generate-key", user, algorithm, usage, expiry);
  }

  /** Makes a key that signs and has a passphrase; exports its secret half, still locked. */
  public Path lockedKey(String user, String passphrase) throws Exception {
    run("--passphrase", passphrase, "--quick-generate-key", user, "ed25519", "sign", "never");
    Path file = home.resolve("locked.asc");
    run(
        "--passphrase",
        passphrase,
        "--output",
        file.toString(),
        "--armor",
        "--export-secret-keys",
        user);
    return file;
  }

  /** Makes a key that signs, and did so already on the first day of 2020. */
  public void oldKey(String user, String algorithm) throws Exception {
    String then = "--faked-system-time=20200101T000000";
    run(then, "--passphrase", "", "--quick-generate-key", user, algorithm, "sign", "never");
  }

  void subkey(String user, String algorithm, String usage, String expiry) throws Exception {
    run("--passphrase", "", "--quick-add-key", fingerprint(user), algorithm, usage, expiry);
  }

  public String fingerprint(String user) throws Exception {
    return text("--with-colons", "--list-keys", user)
        .lines()
        .filter(l -> l.startsWith("fpr:"))
        .map(l -> l.split(":", -1)[9])
        .findFirst()
        .orElseThrow();
  }

  public Path export(String user, boolean armored, boolean secret) throws Exception {
    Path file = Files.createTempFile(home, "key", armored ? ".asc" : ".gpg");
    Files.delete(file);
    List<String> arguments = new ArrayList<>(List.of("--output", file.toString()));
    if (armored) {
      arguments.add("--armor");
    }
    arguments.addAll(List.of(secret ? "--export-secret-keys" : "--export", user));
    run(arguments.toArray(String[]::new));
    return file;
  }

  /** Edits a key as a user would at the prompt. */
  void edit(String user, String... commands) throws Exception {
    List<String> command =
        command("--no-tty", "--command-fd", "0", "--edit-key", fingerprint(user));
    Path output = Files.createTempFile(home, "edit", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try (var in = process.outputWriter()) {
      in.write(String.join("\n", commands) + "\n");
    }
    assertEquals(0, process.waitFor(), () -> command + ": " + read(output));
  }

  /** The revocation that GnuPG made with a key, ready for use. */
  Path revocation(String user) throws Exception {
    Path made = home.resolve("openpgp-revocs.d").resolve(fingerprint(user) + ".rev");
    Path usable = Files.createTempFile(home, "revocation", ".asc");
    return Files.writeString(usable, Files.readString(made).replace(":-----BEGIN", "-----BEGIN"));
  }

  byte[] clearSign(String user, byte[] body, String... options) throws Exception {
    Path file = Files.createTempFile(home, "body", ".txt");
    Files.write(file, body);
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(
        List.of("--local-user", user, "--output", "-", "--clearsign", file.toString()));
    return text(arguments.toArray(String[]::new)).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What GnuPG takes for the signed text; fails the test where it does not verify. */
  public byte[] verified(byte[] message) throws Exception {
    Path file = Files.createTempFile(home, "message", ".asc");
    Files.write(file, message);
    return text("--output", "-", "--decrypt", file.toString())
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  void run(String... arguments) throws Exception {
    text(arguments);
  }

  private String text(String... arguments) throws Exception {
    List<String> command = command(arguments);
    command.addAll(1, List.of("--batch", "--yes"));
    Path errors = Files.createTempFile(home, "stderr", ".txt");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    byte[] out = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor(), () -> command + ": " + read(errors));
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of("gpg", "--homedir", home.toString(), "--quiet"));
    command.addAll(List.of("--pinentry-mode", "loopback", "--trust-model", "always"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Ends the agent that GnuPG started for this home. */
  @Override
  public void close() throws Exception {
    new ProcessBuilder("gpgconf", "--homedir", home.toString(), "--kill", "gpg-agent")
        .start()
        .waitFor();
  }
}
