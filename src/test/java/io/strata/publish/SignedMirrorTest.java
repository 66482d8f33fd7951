package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.store.Snapshot;
import io.strata.trust.Gpg;
import io.strata.trust.Index;
import io.strata.trust.IndexReader;
import io.strata.trust.UntrustedIndexException;
import io.strata.trust.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
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
    assertEquals(3, body.lines().filter(line -> line.contains("  demo-")).count(), body);
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
    PublishRequest request =
        new PublishRequest(
            tree,
            new Snapshot("demo", version),
            mirror,
            key,
            Compression.LZO,
            PublishRequest.DEFAULT_BLOCK,
            OptionalLong.empty());
    return new Publisher(Posix.system(), Clock.systemUTC()).publish(request, PublishListener.NONE);
  }
}
