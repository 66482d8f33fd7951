package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKeyEditor;
import org.bouncycastle.openpgp.api.OpenPGPKeyGenerator;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPImplementation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A certificate")
class CertificateTest {
  private static final String THEN = "--faked-system-time=20200101T000000";
  private static final byte[] BODY =
      ("0123456789abcdef".repeat(8) + "  guru-1.sqfs\nCurrent: guru-1\n")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir static Path directory;
  private static Gpg gpg;

  @BeforeAll
  static void start() throws Exception {
    gpg = new Gpg(directory.resolve("gnupg"));
    gpg.key("good", "ed25519", "sign", "never");
    gpg.key("rsa", "rsa2048", "sign", "never");
  }

  @AfterAll
  static void end() throws Exception {
    gpg.close();
  }

  @Test
  @DisplayName("with a subkey that expired is refused, and good for another subkey")
  void expiredSubkey() throws Exception {
    gpg.run(THEN, "--passphrase", "", "--quick-generate-key", "oldie", "ed25519", "cert", "never");
    String old = gpg.fingerprint("oldie");
    gpg.run(THEN, "--passphrase", "", "--quick-add-key", old, "ed25519", "sign", "1y");
    byte[] message = gpg.clearSign("oldie", BODY, THEN);
    refused("oldie", message, "expired on 2020-12-31");
    gpg.subkey("oldie", "ed25519", "sign", "never");
    accepted("oldie", gpg.clearSign("oldie", BODY));
    refused("oldie", message, "expired on 2020-12-31");
  }

  @Test
  @DisplayName("with a subkey that was revoked is refused for what that signed, at any time")
  void revokedSubkey() throws Exception {
    gpg.key("half", "ed25519", "cert", "never");
    gpg.subkey("half", "ed25519", "sign", "never");
    byte[] message = gpg.clearSign("half", BODY);
    accepted("half", message);
    gpg.edit("half", "key 1", "revkey", "y", "0", "", "y", "save");
    refused("half", message, "is revoked");
  }

  @Test
  @DisplayName("is revoked if one of its copies is, or a revocation lies beside it")
  void revokedCopy() throws Exception {
    gpg.key("copied", "ed25519", "sign", "never");
    byte[] message = gpg.clearSign("copied", BODY);
    Path keys = Files.createDirectory(directory.resolve("copies"));
    Path innocent = Files.copy(gpg.export("copied", true, false), keys.resolve("z.asc"));
    assertEquals("1", read(keys, message).currentVersion("guru"));

    Path revocation = gpg.revocation("copied");
    Path beside = Files.copy(revocation, keys.resolve("revocation.asc"));
    refused(keys, message, "is revoked");
    Files.delete(beside);

    gpg.run("--import", revocation.toString());
    Files.copy(gpg.export("copied", false, false), keys.resolve("a.gpg"));
    refused(keys, message, "is revoked");
    refused(innocent.resolveSibling("a.gpg"), message, "is revoked");
    assertEquals("1", read(innocent, message).currentVersion("guru"));
  }

  @Test
  @DisplayName("is not revoked by the revocation of another")
  void otherRevocation() throws Exception {
    gpg.key("other", "ed25519", "sign", "never");
    Path keys = Files.createDirectory(directory.resolve("others"));
    Files.copy(gpg.export("good", true, false), keys.resolve("good.asc"));
    Files.copy(gpg.revocation("other"), keys.resolve("revocation.asc"));
    assertEquals("1", read(keys, gpg.clearSign("good", BODY)).currentVersion("guru"));
  }

  @Test
  @DisplayName("with a primary key under 2048 bits is refused, however strong its subkey is")
  void weakPrimary() throws Exception {
    gpg.key("small", "rsa1024", "cert", "never");
    gpg.subkey("small", "ed25519", "sign", "never");
    refused("small", gpg.clearSign("small", BODY), "primary key that is an RSA key of 1024 bits");
  }

  @ParameterizedTest
  @DisplayName("is refused where it signs with a weak digest")
  @CsvSource({"SHA1, SHA-1", "MD5, MD5", "RIPEMD160, RIPEMD-160"})
  void weakDigest(String algorithm, String name) throws Exception {
    byte[] message =
        gpg.clearSign("rsa", BODY, "--digest-algo", algorithm, "--allow-weak-digest-algos");
    refused("rsa", message, "uses a weak digest (" + name + ")");
  }

  @Test
  @DisplayName("that only vouches for itself with a weak digest is refused")
  void weakSelfSignature() throws Exception {
    gpg.run(
        "--cert-digest-algo",
        "SHA1",
        "--allow-weak-digest-algos",
        "--passphrase",
        "",
        "--quick-generate-key",
        "legacy",
        "rsa2048",
        "sign",
        "never");
    refused("legacy", gpg.clearSign("legacy", BODY), "not over a weak digest");
  }

  @Test
  @DisplayName("is refused for a signature that expired, or that demands what is not known")
  void oddSignatures() throws Exception {
    gpg.run(THEN, "--passphrase", "", "--quick-generate-key", "early", "ed25519", "sign", "never");
    byte[] brief = gpg.clearSign("early", BODY, THEN, "--default-sig-expire", "1d");
    refused("early", brief, "expired on 2020-01-02");
    byte[] demanding = gpg.clearSign("good", BODY, "--sig-notation", "!must@example.org=x");
    refused("good", demanding, "critical");
    accepted("good", gpg.clearSign("good", BODY, "--sig-notation", "may@example.org=x"));
  }

  @Test
  @DisplayName("of version 6 has its expiry in what it says of the key alone")
  void versionSix() throws Exception {
    OpenPGPKey fresh = versionSix(Instant.now().minusSeconds(3600));
    Path secret = Files.writeString(directory.resolve("v6.asc"), fresh.toAsciiArmoredString());
    String certificate = fresh.toCertificate().toAsciiArmoredString();
    Path key = Files.writeString(directory.resolve("v6.pub.asc"), certificate);
    byte[] message = ClearSigner.withKey(secret).sign(BODY);
    assertEquals("1", read(key, message).currentVersion("guru"));

    OpenPGPKey old = versionSix(Instant.parse("2015-01-01T00:00:00Z")); // for five years
    // A name that is added today does not make the key last longer.
    old = new OpenPGPKeyEditor(old, _ -> new char[0]).addUserId("another").done();
    Files.writeString(secret, old.toAsciiArmoredString());
    KeyException e = assertThrows(KeyException.class, () -> ClearSigner.withKey(secret));
    assertTrue(e.toString().contains("expired on 2019-12-31"), e.toString());
  }

  private static OpenPGPKey versionSix(Instant created) throws Exception {
    return new OpenPGPKeyGenerator(
            new BcOpenPGPImplementation(), PublicKeyPacket.VERSION_6, false, Date.from(created))
        .ed25519x25519Key("somebody")
        .build();
  }

  @Test
  @DisplayName("lies in a directory with notes, or among others in a binary file")
  void files() throws Exception {
    Path keys = Files.createDirectory(directory.resolve("with-notes"));
    Files.copy(gpg.export("good", true, false), keys.resolve("good.asc"));
    Files.writeString(keys.resolve("README"), "where these come from\n");
    byte[] message = gpg.clearSign("good", BODY);
    assertEquals("1", read(keys, message).currentVersion("guru"));
    Files.delete(keys.resolve("good.asc"));
    assertThrows(KeyException.class, () -> read(keys, message));

    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(Files.readAllBytes(gpg.export("rsa", false, false)));
    both.writeBytes(Files.readAllBytes(gpg.export("good", false, false)));
    Path binary = Files.write(directory.resolve("both.gpg"), both.toByteArray());
    assertEquals("1", read(binary, message).currentVersion("guru"));
    Files.write(binary, java.util.Arrays.copyOf(both.toByteArray(), both.size() - 20));
    assertThrows(Exception.class, () -> read(binary, message));
    assertThrows(KeyException.class, () -> IndexReader.of(Verification.YES, Optional.of(binary)));
  }

  @Test
  @DisplayName("is not looked for in the packets of a keybox, and the message says what to do")
  void keybox() throws Exception {
    Path keybox = directory.resolve("gnupg/pubring.kbx");
    KeyException e =
        assertThrows(
            KeyException.class, () -> IndexReader.of(Verification.REQUIRED, Optional.of(keybox)));
    assertTrue(e.toString().contains("gpg --export"), e.toString());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("is not needed to refuse signature packets that claim too much")
  @CsvSource({
    "a version 6 signature of 2 GiB, c2 10 06011b0a7fffffff 000000000000",
    "a version 4 signature of 64 KiB, c2 0a 0401160a ffff 00000000",
    "a packet of 4 GiB, c2 ff ffffffff 0401160a",
    "a packet of unknown version, c2 04 7f01160a",
    "a version 3 signature, c2 16 0305015f000000 0102030405060708 010a 0000 000101",
    "a literal, cb 04 62000000",
    "compressed bytes, c8 05 01 cb 02 62 00",
    "a marker, ca 03 504750",
    "nothing, ''",
  })
  void hostilePackets(String what, String hex) throws Exception {
    byte[] packets = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
    String good = new String(gpg.clearSign("good", BODY), StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN PGP SIGNATURE-----\n\n";
    int at = good.indexOf(begin) + begin.length();
    String bad =
        good.substring(0, at)
            + Base64.getEncoder().encodeToString(packets)
            + "\n-----END PGP SIGNATURE-----\n";
    Path key = gpg.export("good", true, false);
    Exception e =
        assertThrows(
            Exception.class, () -> read(key, bad.getBytes(StandardCharsets.ISO_8859_1)), what);
    assertTrue(e instanceof IndexException || e instanceof UntrustedIndexException, e.toString());
  }

  @Test
  @DisplayName("is found good beside a signature of an unknown version")
  void unknownVersion() throws Exception {
    String good = new String(gpg.clearSign("good", BODY), StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN PGP SIGNATURE-----\n\n";
    int at = good.indexOf(begin) + begin.length();
    int end = good.indexOf("\n=", at);
    byte[] signature = Base64.getDecoder().decode(good.substring(at, end).replace("\n", ""));
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.writeBytes(new byte[] {(byte) 0xc2, 4, 0x7f, 1, 0x16, 0x0a}); // version 127
    two.writeBytes(signature);
    String both =
        good.substring(0, at)
            + Base64.getEncoder().encodeToString(two.toByteArray())
            + "\n-----END PGP SIGNATURE-----\n";
    accepted("good", both.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void accepted(String user, byte[] message) throws Exception {
    assertEquals("1", read(gpg.export(user, true, false), message).currentVersion("guru"));
  }

  private static void refused(String user, byte[] message, String why) throws Exception {
    refused(gpg.export(user, true, false), message, why);
  }

  private static void refused(Path keys, byte[] message, String why) {
    UntrustedIndexException e =
        assertThrows(UntrustedIndexException.class, () -> read(keys, message));
    assertTrue(e.toString().contains(why), e.toString());
  }

  private static Index read(Path keys, byte[] message) throws Exception {
    return IndexReader.of(Verification.REQUIRED, Optional.of(keys)).read(message);
  }
}
