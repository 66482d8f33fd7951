package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.trust.Gpg;
import io.strata.trust.Index;
import io.strata.trust.IndexReader;
import io.strata.trust.KeyException;
import io.strata.trust.Passphrase;
import io.strata.trust.UntrustedIndexException;
import io.strata.trust.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A signed mirror")
class SignedMirrorTest {
  private static final String USER = "publisher@example.invalid";

  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private Path file;
  private Gpg gpg;
  private Path secret;

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    ImageTools.needs("gpg");
    tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a"), "a");
    mirror = directory.resolve("mirror");
    file = mirror.resolve("sha512sum.txt");
    gpg = new Gpg(directory.resolve("gnupg"));
    gpg.key(USER, "ed25519", "sign", "never");
    secret = gpg.export(USER, true, true);
  }

  @AfterEach
  void end() throws Exception {
    gpg.close();
  }

  @Test
  @DisplayName("has an index that GnuPG and trust verify, and goes on being signed")
  void signed() throws Exception {
    Publication first = publish("1", Optional.of(secret));
    assertEquals(Optional.of(gpg.fingerprint(USER)), first.signer());
    Files.writeString(tree.resolve("a"), "b");
    publish("2", Optional.of(secret));
    byte[] message = Files.readAllBytes(file);
    String body = new String(gpg.verified(message), StandardCharsets.UTF_8);
    // Two images, their block indexes, and a delta in both formats.
    assertEquals(6, body.lines().filter(line -> line.contains("  demo-")).count(), body);
    Path publicKey = gpg.export(USER, true, false);
    Index index = IndexReader.of(Verification.REQUIRED, Optional.of(publicKey)).read(message);
    assertEquals("2", index.currentVersion("demo"));
  }

  @Test
  @DisplayName("is not silently made an unsigned one")
  void unsigned() throws Exception {
    publish("1", Optional.of(secret));
    byte[] before = Files.readAllBytes(file);
    PublishException e = assertThrows(PublishException.class, () -> publish("2", Optional.empty()));
    assertTrue(e.toString().contains("is signed, and without a key"), e.toString());
    assertEquals(-1, mismatch(before));
  }

  @Test
  @DisplayName("whose index somebody changed, or another key signed, is not signed again")
  void foreign() throws Exception {
    publish("1", Optional.of(secret));
    byte[] good = Files.readAllBytes(file);
    String text = Files.readString(file);
    Files.writeString(file, text.replace("Current: demo-1", "Current: demo-1 evil-1"));
    assertThrows(UntrustedIndexException.class, () -> publish("2", Optional.of(secret)));
    Files.write(file, good);
    gpg.key("other@example.invalid", "ed25519", "sign", "never");
    Path other = gpg.export("other@example.invalid", true, true);
    UntrustedIndexException e =
        assertThrows(UntrustedIndexException.class, () -> publish("2", Optional.of(other)));
    assertTrue(e.toString().contains("not signed by the key given"), e.toString());
    assertEquals(-1, mismatch(good));
  }

  @Test
  @DisplayName("changes its key when the old one is named, and then goes on with the new one")
  void newKey() throws Exception {
    publish("1", Optional.of(secret));
    gpg.key("new@example.invalid", "ed25519", "sign", "never");
    Signing changed = fileOf(gpg.export("new@example.invalid", true, true));
    Requests requests = new Requests(tree, mirror).signedBy(changed);
    Files.writeString(tree.resolve("a"), "b");
    Publication done = publish(requests.oldKey(gpg.export(USER, true, false)), "2");
    assertEquals(Optional.of(gpg.fingerprint("new@example.invalid")), done.signer());
    Files.writeString(tree.resolve("a"), "c");
    assertTrue(publish(requests.oldKey(gpg.export(USER, true, false)), "3").changed());
    Files.writeString(tree.resolve("a"), "d");
    assertTrue(publish(requests, "4").changed());
    Path publicKey = gpg.export("new@example.invalid", true, false);
    Index index =
        IndexReader.of(Verification.REQUIRED, Optional.of(publicKey))
            .read(Files.readAllBytes(file));
    assertEquals("4", index.currentVersion("demo"));
  }

  @Test
  @DisplayName("is signed by a key with a passphrase, from a file or by GnuPG, if that is right")
  void passphrase() throws Exception {
    Path locked = gpg.lockedKey("locked@example.invalid", "open sesame");
    Requests requests = new Requests(tree, mirror);
    for (Passphrase wrong : List.of(Passphrase.NONE, Passphrase.of("close sesame"))) {
      Signing signing = new Signing.KeyInFile(locked, wrong);
      KeyException e =
          assertThrows(KeyException.class, () -> publish(requests.signedBy(signing), "1"));
      assertTrue(String.valueOf(e.getMessage()).contains("--passphrase-file"), e.toString());
    }
    Signing signing = new Signing.KeyInFile(locked, Passphrase.of("open sesame"));
    Publication done = publish(requests.signedBy(signing), "1");
    assertEquals(Optional.of(gpg.fingerprint("locked@example.invalid")), done.signer());
    gpg.verified(Files.readAllBytes(file));
    ImageTools.run("gpgconf", "--homedir", directory.resolve("gnupg").toString(), "--kill", "all");
    Files.writeString(tree.resolve("a"), "b");
    Path words = Files.writeString(directory.resolve("words"), "open sesame\nmore\n");
    Signing agent =
        new Signing.Gnupg("locked@example.invalid", gpgOfTest().toString(), Optional.of(words));
    assertTrue(publish(requests.signedBy(agent), "2").changed());
    gpg.verified(Files.readAllBytes(file));
    // A key without one is not asked for.
    assertTrue(new Signing.KeyInFile(secret, _ -> fail("asked")).signer().isPresent());
  }

  @Test
  @DisplayName("is not begun with a key that can't sign")
  void trial() throws Exception {
    gpg.lockedKey("locked@example.invalid", "open sesame");
    ImageTools.run("gpgconf", "--homedir", directory.resolve("gnupg").toString(), "--kill", "all");
    Path words = Files.writeString(directory.resolve("words"), "close sesame\n");
    Signing agent =
        new Signing.Gnupg("locked@example.invalid", gpgOfTest().toString(), Optional.of(words));
    PublishRequest request = new Requests(tree, mirror).signedBy(agent).of("demo", "1");
    PublishListener none =
        new PublishListener() {
          @Override
          public void progress(Step step, long done, long total) {
            fail(step + " is begun");
          }

          @Override
          public void note(String line) {
            fail(line);
          }
        };
    Publisher publisher = new Publisher(Posix.system(), Clock.systemUTC());
    KeyException e = assertThrows(KeyException.class, () -> publisher.publish(request, none));
    assertTrue(String.valueOf(e.getMessage()).contains("--passphrase-file"), e.toString());
  }

  @Test
  @DisplayName("is signed by GnuPG, which has the key; a key that it does not have is said")
  void gnupg() throws Exception {
    Path gpgOfTest = gpgOfTest();
    Requests requests = new Requests(tree, mirror);
    Signing missing = gnupg("nobody@example.invalid", gpgOfTest);
    KeyException e =
        assertThrows(KeyException.class, () -> publish(requests.signedBy(missing), "1"));
    assertTrue(String.valueOf(e.getMessage()).contains("gpg --list-secret-keys"), e.toString());
    Signing signing = gnupg(USER, gpgOfTest);
    assertEquals(
        Optional.of(gpg.fingerprint(USER)), publish(requests.signedBy(signing), "1").signer());
    Files.writeString(tree.resolve("a"), "b");
    publish(requests.signedBy(signing), "2");
    // The same key from a file goes on with it.
    Files.writeString(tree.resolve("a"), "c");
    publish("3", Optional.of(secret));
    assertTrue(
        new String(gpg.verified(Files.readAllBytes(file)), StandardCharsets.UTF_8)
            .contains("Current: demo-3"));
  }

  /** The gpg program with the home that the test has. */
  private Path gpgOfTest() throws Exception {
    String program = "#!/bin/sh\nexec gpg --homedir '" + directory.resolve("gnupg") + "' \"$@\"\n";
    Path gpgOfTest = Files.writeString(directory.resolve("gpg"), program);
    assertTrue(gpgOfTest.toFile().setExecutable(true));
    return gpgOfTest;
  }

  private static Signing fileOf(Path key) {
    return new Signing.KeyInFile(key, Passphrase.NONE);
  }

  private static Signing gnupg(String key, Path program) {
    return new Signing.Gnupg(key, program.toString(), Optional.empty());
  }

  @Test
  @DisplayName("may become signed later on")
  void later() throws Exception {
    publish("1", Optional.empty());
    Files.writeString(tree.resolve("a"), "b");
    publish("2", Optional.of(secret));
    assertTrue(
        new String(gpg.verified(Files.readAllBytes(file)), StandardCharsets.UTF_8)
            .contains("demo-1.sqfs"));
  }

  private long mismatch(byte[] expected) throws Exception {
    return java.util.Arrays.mismatch(expected, Files.readAllBytes(file));
  }

  private Publication publish(String version, Optional<Path> key) throws Exception {
    Signing signing = key.isPresent() ? fileOf(key.get()) : new Signing.Nobody();
    return publish(new Requests(tree, mirror).signedBy(signing), version);
  }

  private Publication publish(Requests requests, String version) throws Exception {
    PublishRequest request = requests.of("demo", version);
    return new Publisher(Posix.system(), Clock.systemUTC()).publish(request, PublishListener.NONE);
  }
}
