package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.bcpg.sig.RevocationKey;
import org.bouncycastle.bcpg.sig.RevocationKeyTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keys say of each other, put together as GnuPG would not. */
@DisplayName("A key")
class SelfSignatureTest {
  private static final byte[] BODY =
      ("0123456789abcdef".repeat(8) + "  guru-1.sqfs\nCurrent: guru-1\n")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir static Path directory;
  private static Gpg gpg;
  private static final Instant NOW = Instant.now();

  /** Makes a signature over something. */
  private interface Over {
    PGPSignature with(PGPSignatureGenerator generator) throws PGPException;
  }

  @BeforeAll
  static void start() throws Exception {
    gpg = new Gpg(directory.resolve("gnupg"));
  }

  @AfterAll
  static void end() throws Exception {
    gpg.close();
  }

  @Test
  @DisplayName("is a certificate's subkey if both say so, and if it may sign")
  void subkey() throws Exception {
    gpg.key("house", "ed25519", "cert", "never");
    gpg.subkey("house", "ed25519", "sign", "never");
    byte[] message = gpg.clearSign("house", BODY);
    PGPSecretKeyRing ring = secret("house");
    PGPSecretKey primary = ring.getSecretKey();
    PGPSecretKey sub = last(ring);
    PGPSignature acknowledged = over(sub, PGPSignature.PRIMARYKEY_BINDING, primary, sub, _ -> {});
    PGPSignature alleged = over(primary, PGPSignature.PRIMARYKEY_BINDING, primary, sub, _ -> {});

    accepted(bound(ring, sub, p -> flags(p, KeyFlags.SIGN_DATA, acknowledged)), message);
    String adopted = "does not acknowledge its primary key";
    refused(bound(ring, sub, p -> flags(p, KeyFlags.SIGN_DATA)), message, adopted);
    refused(bound(ring, sub, p -> flags(p, KeyFlags.SIGN_DATA, alleged)), message, adopted);
    refused(
        bound(ring, sub, p -> flags(p, KeyFlags.ENCRYPT_COMMS, acknowledged)),
        message,
        "may not sign data");
  }

  @Test
  @SuppressWarnings("deprecation") // OpenPGP's revocation keys, which are still to be honoured
  @DisplayName("is revoked by another key that it names for that, and by no others")
  void designatedRevoker() throws Exception {
    for (String user : new String[] {"owner", "revoker", "stranger"}) {
      gpg.key(user, "ed25519", "sign", "never");
    }
    byte[] message = gpg.clearSign("owner", BODY);
    PGPSecretKey owner = secret("owner").getSecretKey();
    PGPSecretKey revoker = secret("revoker").getSecretKey();
    PGPPublicKey named =
        PGPPublicKey.addCertification(
            owner.getPublicKey(),
            sign(
                owner,
                PGPSignature.DIRECT_KEY,
                1,
                p ->
                    p.addCustomSubpacket(
                        new RevocationKey(
                            false,
                            RevocationKeyTags.CLASS_DEFAULT,
                            revoker.getPublicKey().getAlgorithm(),
                            revoker.getPublicKey().getFingerprint())),
                g -> g.generateCertification(owner.getPublicKey())));
    PGPPublicKeyRing innocent = new PGPPublicKeyRing(List.of(named));
    accepted(innocent, message);
    accepted(revoked(named, secret("stranger").getSecretKey()), message);

    PGPPublicKeyRing revoked = revoked(named, revoker);
    refused(revoked, message, "is revoked by key " + gpg.fingerprint("revoker"));
    Path both = Files.createDirectory(directory.resolve("both"));
    Files.write(both.resolve("owner.gpg"), revoked.getEncoded());
    Files.copy(gpg.export("revoker", false, false), both.resolve("revoker.gpg"));
    refused(both, message, "is revoked by key " + gpg.fingerprint("revoker"));
    // Whom it does not name has no say.
    accepted(revoked(owner.getPublicKey(), revoker), message);
  }

  @Test
  @DisplayName("that expired stays so, whatever it says since that does not speak of that")
  void silent() throws Exception {
    String then = "--faked-system-time=20200101T000000";
    gpg.run(then, "--passphrase", "", "--quick-generate-key", "faded", "ed25519", "sign", "1y");
    byte[] message = gpg.clearSign("faded", BODY, then);
    PGPSecretKey key = secret("faded").getSecretKey();
    PGPSignature silent =
        sign(
            key,
            PGPSignature.DIRECT_KEY,
            1,
            _ -> {},
            g -> g.generateCertification(key.getPublicKey()));
    PGPSignature longer =
        sign(
            key,
            PGPSignature.DIRECT_KEY,
            2,
            p -> p.setKeyExpirationTime(false, 100 * 31_556_952L),
            g -> g.generateCertification(key.getPublicKey()));
    PGPPublicKey said = PGPPublicKey.addCertification(key.getPublicKey(), silent);
    refused(new PGPPublicKeyRing(List.of(said)), message, "expired on 2020-12-31");
    PGPPublicKey renewed = PGPPublicKey.addCertification(said, longer);
    accepted(new PGPPublicKeyRing(List.of(renewed)), message);
  }

  @Test
  @DisplayName("is good by a user id that was revoked once and certified again since")
  void userId() throws Exception {
    gpg.key("renamed", "ed25519", "sign", "never");
    byte[] message = gpg.clearSign("renamed", BODY);
    PGPSecretKey key = secret("renamed").getSecretKey();
    PGPSignature gone = ofUser(key, PGPSignature.CERTIFICATION_REVOCATION, 1);
    PGPSignature back = ofUser(key, PGPSignature.POSITIVE_CERTIFICATION, 2);
    PGPPublicKey without = PGPPublicKey.addCertification(key.getPublicKey(), "renamed", gone);
    refused(new PGPPublicKeyRing(List.of(without)), message, "no signature of its own");
    PGPPublicKey again = PGPPublicKey.addCertification(without, "renamed", back);
    accepted(new PGPPublicKeyRing(List.of(again)), message);
  }

  private static PGPSecretKey last(PGPSecretKeyRing ring) {
    List<PGPSecretKey> keys = new ArrayList<>();
    ring.getSecretKeys().forEachRemaining(keys::add);
    return keys.getLast();
  }

  private static PGPSignature ofUser(PGPSecretKey key, int type, int seconds) throws Exception {
    return sign(
        key, type, seconds, _ -> {}, g -> g.generateCertification("renamed", key.getPublicKey()));
  }

  private static PGPPublicKeyRing revoked(PGPPublicKey key, PGPSecretKey by) throws Exception {
    PGPSignature revocation =
        sign(by, PGPSignature.KEY_REVOCATION, 1, _ -> {}, g -> g.generateCertification(key));
    return new PGPPublicKeyRing(List.of(PGPPublicKey.addCertification(key, revocation)));
  }

  /** The certificate with one more binding of a subkey, the newest. */
  private static PGPPublicKeyRing bound(
      PGPSecretKeyRing ring, PGPSecretKey sub, Consumer<PGPSignatureSubpacketGenerator> packets)
      throws Exception {
    PGPSecretKey primary = ring.getSecretKey();
    PGPSignature binding = over(primary, PGPSignature.SUBKEY_BINDING, primary, sub, packets);
    List<PGPPublicKey> keys = new ArrayList<>();
    ring.getPublicKeys().forEachRemaining(keys::add);
    PGPPublicKey rebound = PGPPublicKey.addCertification(sub.getPublicKey(), binding);
    return PGPPublicKeyRing.insertPublicKey(new PGPPublicKeyRing(keys), rebound);
  }

  private static void flags(PGPSignatureSubpacketGenerator packets, int flags, PGPSignature... in) {
    packets.setKeyFlags(false, flags);
    try {
      for (PGPSignature signature : in) {
        packets.addEmbeddedSignature(false, signature);
      }
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PGPSignature over(
      PGPSecretKey by,
      int type,
      PGPSecretKey primary,
      PGPSecretKey sub,
      Consumer<PGPSignatureSubpacketGenerator> packets)
      throws Exception {
    return sign(
        by,
        type,
        1,
        packets,
        g -> g.generateCertification(primary.getPublicKey(), sub.getPublicKey()));
  }

  /** A signature made so many seconds after all that GnuPG made. */
  private static PGPSignature sign(
      PGPSecretKey by,
      int type,
      int seconds,
      Consumer<PGPSignatureSubpacketGenerator> packets,
      Over over)
      throws Exception {
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(
            new BcPGPContentSignerBuilder(
                by.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512),
            by.getPublicKey());
    generator.init(
        type,
        by.extractPrivateKey(
            new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                .build(new char[0])));
    PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
    hashed.setIssuerFingerprint(false, by.getPublicKey());
    hashed.setSignatureCreationTime(false, Date.from(NOW.plusSeconds(60 + seconds)));
    packets.accept(hashed);
    generator.setHashedSubpackets(hashed.generate());
    return over.with(generator);
  }

  private static PGPSecretKeyRing secret(String user) throws Exception {
    byte[] exported = Files.readAllBytes(gpg.export(user, false, true));
    return new PGPSecretKeyRing(exported, new BcKeyFingerprintCalculator());
  }

  private static void accepted(PGPPublicKeyRing ring, byte[] message) throws Exception {
    assertEquals("1", read(file(ring), message).currentVersion("guru"));
  }

  private static void refused(PGPPublicKeyRing ring, byte[] message, String why) throws Exception {
    refused(file(ring), message, why);
  }

  private static void refused(Path keys, byte[] message, String why) {
    UntrustedIndexException e =
        assertThrows(UntrustedIndexException.class, () -> read(keys, message));
    assertTrue(e.toString().contains(why), e.toString());
  }

  private static Path file(PGPPublicKeyRing ring) throws Exception {
    return Files.write(Files.createTempFile(directory, "ring", ".gpg"), ring.getEncoded());
  }

  private static Index read(Path keys, byte[] message) throws Exception {
    return IndexReader.of(Verification.REQUIRED, Optional.of(keys)).read(message);
  }
}
