package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Signatures")
class SignatureTest {
  private static final String A = "0123456789abcdef".repeat(8);

  /** With all that a clear-signer must mind: dashes, blanks at line ends, an empty line. */
  private static final byte[] BODY =
      ("- a dash\n-----BEGIN PGP SIGNATURE-----\n-\n \nFrom here  \t\n\n"
              + (A + "  guru-1.sqfs\nCurrent: guru-1\n"))
          .getBytes(StandardCharsets.UTF_8);

  @TempDir static Path directory;
  private static Gpg gpg;

  @BeforeAll
  static void keys() throws Exception {
    gpg = new Gpg(directory.resolve("gnupg"));
    for (String algorithm : new String[] {"ed25519", "rsa2048", "nistp256"}) {
      gpg.key(algorithm, algorithm, "sign", "never");
    }
  }

  @AfterAll
  static void end() throws Exception {
    gpg.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "rsa2048", "nistp256"})
  @DisplayName("of GnuPG are verified, with armored and binary keys")
  void fromGpg(String user) throws Exception {
    byte[] message = gpg.clearSign(user, BODY);
    for (boolean armored : new boolean[] {true, false}) {
      Index index = required(gpg.export(user, armored, false)).read(message);
      assertEquals("1", index.currentVersion("guru"));
      IndexSignature signature = index.signature().orElseThrow();
      assertEquals(gpg.fingerprint(user), signature.fingerprint());
      assertEquals(user, signature.signer());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "rsa2048", "nistp256"})
  @DisplayName("of ours are verified by GnuPG, and are over the same text")
  void toGpg(String user) throws Exception {
    for (boolean armored : new boolean[] {true, false}) {
      ClearSigner signer = ClearSigner.withKey(gpg.export(user, armored, true));
      byte[] message = signer.sign(BODY);
      String expected = new String(BODY, StandardCharsets.UTF_8).replace("  \t\n", "\n");
      assertEquals(
          expected.replace("\n \n", "\n\n"),
          new String(gpg.verified(message), StandardCharsets.UTF_8));
      Index index = required(gpg.export(user, true, false)).read(message);
      assertEquals("1", index.currentVersion("guru"));
    }
  }

  @Test
  @DisplayName("say when they were made, to the second")
  void time() throws Exception {
    Instant time = Instant.parse("2033-05-18T03:33:20.9Z");
    byte[] message = ClearSigner.withKey(gpg.export("ed25519", true, true)).sign(BODY, time);
    Index index = required(gpg.export("ed25519", true, false)).read(message);
    assertEquals(Instant.parse("2033-05-18T03:33:20Z"), index.signature().orElseThrow().created());
  }

  @Test
  @DisplayName("hold after a transport that made CRLF of the line ends or added blanks")
  void lineEnds() throws Exception {
    IndexReader reader = required(gpg.export("ed25519", true, false));
    String message = new String(gpg.clearSign("ed25519", BODY), StandardCharsets.UTF_8);
    assertEquals("1", read(reader, message.replace("\n", "\r\n")).currentVersion("guru"));
    assertEquals("1", read(reader, message.replace("\n", " \t\n")).currentVersion("guru"));
  }

  @Test
  @DisplayName("cover the body alone: before, between and behind the armor nothing counts")
  void outside() throws Exception {
    IndexReader reader = required(gpg.export("ed25519", true, false));
    String message = new String(gpg.clearSign("ed25519", BODY), StandardCharsets.UTF_8);
    String evil = A.replace('0', '1') + "  guru-1.sqfs\nCurrent: guru-2\n" + A + "  guru-2.sqfs\n";
    Index index = read(reader, evil + message + evil + message + evil);
    assertEquals("1", index.currentVersion("guru"));
    assertEquals(1, index.digests().size());
    assertThrows(
        IndexException.class,
        () -> read(reader, message.replace("Hash: ", "Current: guru-2\nHash: ")));
    assertThrows(
        IndexException.class, () -> read(reader, message.replace("- -\n", "-no escape\n")));
    int end = message.indexOf("\n-----BEGIN PGP SIGNATURE");
    assertThrows(IndexException.class, () -> read(reader, message.substring(0, end)));
    assertThrows(IndexException.class, () -> read(reader, message.substring(end + 1)));
    assertThrows(
        IndexException.class, () -> read(reader, message.substring(0, message.length() - 40)));
  }

  @Test
  @DisplayName("of an RSA key under 2048 bits are refused")
  void weakKey() throws Exception {
    gpg.key("weak", "rsa1024", "sign", "never");
    refused("weak", "1024 bits");
  }

  @Test
  @DisplayName("of a subkey that may sign are good, of an expired or revoked key are not")
  void subkeys() throws Exception {
    gpg.key("primary", "rsa2048", "cert", "never");
    gpg.subkey("primary", "ed25519", "sign", "never");
    IndexReader reader = required(gpg.export("primary", true, false));
    assertEquals("1", reader.read(gpg.clearSign("primary", BODY)).currentVersion("guru"));
    byte[] ours = ClearSigner.withKey(gpg.export("primary", true, true)).sign(BODY);
    assertEquals("1", reader.read(ours).currentVersion("guru"));
    assertTrue(gpg.verified(ours).length > 0);
    gpg.run("--quick-set-expire", gpg.fingerprint("primary"), "20330101T000000");
    assertEquals(
        "1", required(gpg.export("primary", true, false)).read(ours).currentVersion("guru"));
  }

  @Test
  @DisplayName("of a key that has expired are refused")
  void expired() throws Exception {
    String longAgo = "--faked-system-time=20200101T000000";
    gpg.run(longAgo, "--passphrase", "", "--quick-generate-key", "old", "ed25519", "sign", "1y");
    byte[] message = gpg.clearSign("old", BODY, longAgo);
    UntrustedIndexException e =
        assertThrows(
            UntrustedIndexException.class,
            () -> required(gpg.export("old", true, false)).read(message));
    assertTrue(e.toString().contains("expired"), e.toString());
    KeyException unusable =
        assertThrows(KeyException.class, () -> ClearSigner.withKey(gpg.export("old", true, true)));
    assertTrue(unusable.toString().contains("expired"), unusable.toString());
  }

  @Test
  @DisplayName("of a key that is revoked are refused")
  void revoked() throws Exception {
    gpg.key("lost", "ed25519", "sign", "never");
    byte[] message = gpg.clearSign("lost", BODY);
    gpg.run("--import", gpg.revocation("lost").toString());
    UntrustedIndexException e =
        assertThrows(
            UntrustedIndexException.class,
            () -> required(gpg.export("lost", true, false)).read(message));
    assertTrue(e.toString().contains("revoked"), e.toString());
  }

  @Test
  @DisplayName("are good by any key of a file or a directory, and by one of several signers")
  void severalKeys() throws Exception {
    Path keys = Files.createDirectory(directory.resolve("keys"));
    Path one = gpg.export("ed25519", true, false);
    Path two = gpg.export("nistp256", true, false);
    Files.write(keys.resolve("a.asc"), Files.readAllBytes(one));
    Files.write(keys.resolve("b.gpg"), Files.readAllBytes(gpg.export("nistp256", false, false)));
    Path both = directory.resolve("both.asc");
    Files.writeString(both, Files.readString(one) + "\nnote\n" + Files.readString(two));
    for (Path path : new Path[] {keys, both}) {
      for (String user : new String[] {"ed25519", "nistp256"}) {
        Index index = required(path).read(gpg.clearSign(user, BODY));
        assertEquals(gpg.fingerprint(user), index.signature().orElseThrow().fingerprint());
      }
      byte[] stranger = gpg.clearSign("rsa2048", BODY);
      assertThrows(UntrustedIndexException.class, () -> required(path).read(stranger));
      byte[] twice = gpg.clearSign("rsa2048", BODY, "--local-user", "ed25519");
      assertEquals("1", required(path).read(twice).currentVersion("guru"));
    }
  }

  @Test
  @DisplayName("need a key: a missing or foreign file is an error, never a skip")
  void noKey() throws Exception {
    Path missing = directory.resolve("missing.asc");
    Path other = Files.writeString(directory.resolve("other.asc"), "no key\n");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    for (Verification mode : new Verification[] {Verification.YES, Verification.REQUIRED}) {
      for (Path path : new Path[] {missing, other, empty}) {
        assertThrows(KeyException.class, () -> IndexReader.of(mode, Optional.of(path)));
      }
    }
    assertThrows(KeyException.class, () -> IndexReader.of(Verification.REQUIRED, Optional.empty()));
    byte[] message = gpg.clearSign("ed25519", BODY);
    IndexReader keyless = IndexReader.of(Verification.YES, Optional.empty());
    assertThrows(UntrustedIndexException.class, () -> keyless.read(message));
    assertThrows(KeyException.class, () -> ClearSigner.withKey(missing));
    assertThrows(KeyException.class, () -> ClearSigner.withKey(gpg.export("ed25519", true, false)));
  }

  @Test
  @DisplayName("are not made with a key that has a passphrase")
  void passphrase() throws Exception {
    gpg.run("--passphrase", "secret", "--quick-generate-key", "shy", "ed25519", "sign", "never");
    Path file = directory.resolve("shy.asc");
    gpg.run(
        "--passphrase",
        "secret",
        "--armor",
        "--output",
        file.toString(),
        "--export-secret-keys",
        "shy");
    KeyException e = assertThrows(KeyException.class, () -> ClearSigner.withKey(file));
    assertTrue(e.toString().contains("passphrase"), e.toString());
  }

  @Test
  @DisplayName("carry the checksum of RFC 9580")
  void crc() {
    assertArrayEquals(
        new byte[] {0x21, (byte) 0xCF, 0x02}, // check value of CRC-24/OPENPGP
        Crc24.of("123456789".getBytes(StandardCharsets.US_ASCII)));
  }

  private static void refused(String user, String why) throws Exception {
    byte[] message = gpg.clearSign(user, BODY);
    UntrustedIndexException e =
        assertThrows(
            UntrustedIndexException.class,
            () -> required(gpg.export(user, true, false)).read(message));
    assertTrue(e.toString().contains(why), e.toString());
  }

  private static IndexReader required(Path key) throws KeyException {
    return IndexReader.of(Verification.REQUIRED, Optional.of(key));
  }

  private static Index read(IndexReader reader, String text) throws Exception {
    return reader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
