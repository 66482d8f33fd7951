package io.strata.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.PBESecretKeyDecryptor;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/**
 * A secret key that may sign an index.
 *
 * @param publicKey its public half, that of a primary key or a subkey
 * @param privateKey its secret half
 * @param certificate that it belongs to
 */
record SigningKey(PGPPublicKey publicKey, PGPPrivateKey privateKey, Certificate certificate) {

  /**
   * The secret key of a file that is to sign.
   *
   * @param passphrase is asked only where the key has one
   */
  static SigningKey read(Path file, Passphrase passphrase) throws KeyException {
    List<String> refusals = new ArrayList<>();
    for (byte[] packets : KeyFile.packets(file, Armor.PRIVATE_KEY)) {
      for (PGPSecretKeyRing ring : rings(file, packets)) {
        List<PGPSecretKey> usable = usable(ring, refusals);
        if (!usable.isEmpty()) {
          return unlock(file, usable.getFirst(), new Certificate(publicRing(ring)), passphrase);
        }
      }
    }
    String why = refusals.isEmpty() ? "it holds no secret key" : String.join(", ", refusals);
    throw new KeyException(file + ": no key here can sign: " + why);
  }

  private static List<PGPSecretKeyRing> rings(Path file, byte[] packets) throws KeyException {
    List<PGPSecretKeyRing> rings = new ArrayList<>();
    try {
      PGPObjectFactory objects = new PGPObjectFactory(packets, new BcKeyFingerprintCalculator());
      for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
        if (next instanceof PGPSecretKeyRing ring) {
          rings.add(ring);
        }
      }
      return rings;
    } catch (IOException | RuntimeException e) {
      throw new KeyException(file + ": not a file of OpenPGP secret keys: " + e.getMessage(), e);
    }
  }

  /** The keys of a ring that can sign: subkeys first, the newest of them first. */
  private static List<PGPSecretKey> usable(PGPSecretKeyRing ring, List<String> refusals) {
    Certificate certificate = new Certificate(publicRing(ring));
    List<PGPSecretKey> usable = new ArrayList<>();
    for (PGPSecretKey key : ring) {
      if (key.isPrivateKeyEmpty()) {
        continue;
      }
      certificate
          .refusal(key.getPublicKey())
          .ifPresentOrElse(
              why -> refusals.add(TrustedKeys.fingerprint(key.getPublicKey()) + " " + why),
              () -> usable.add(key));
    }
    usable.sort(
        Comparator.comparing(PGPSecretKey::isMasterKey)
            .thenComparing(k -> k.getPublicKey().getCreationTime(), Comparator.reverseOrder()));
    return usable;
  }

  private static PGPPublicKeyRing publicRing(PGPSecretKeyRing ring) {
    List<PGPPublicKey> keys = new ArrayList<>();
    ring.getPublicKeys().forEachRemaining(keys::add);
    return new PGPPublicKeyRing(keys);
  }

  private static SigningKey unlock(
      Path file, PGPSecretKey key, Certificate certificate, Passphrase passphrase)
      throws KeyException {
    boolean locked = key.getKeyEncryptionAlgorithm() != SymmetricKeyAlgorithmTags.NULL;
    String words = locked ? asked(file, passphrase) : "";
    try {
      PBESecretKeyDecryptor decryptor =
          new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
              .build(words.toCharArray());
      return new SigningKey(key.getPublicKey(), key.extractPrivateKey(decryptor), certificate);
    } catch (PGPException | RuntimeException e) {
      throw new KeyException(
          file
              + (locked
                  ? ": that is not the passphrase of the secret key; correct what you type, or the"
                      + " file that --passphrase-file names"
                  : ": the secret key can't be read: " + e.getMessage()),
          e);
    }
  }

  private static String asked(Path file, Passphrase passphrase) throws KeyException {
    return passphrase
        .of(file)
        .orElseThrow(
            () ->
                new KeyException(
                    file
                        + ": the secret key has a passphrase; name a file that holds it with"
                        + " --passphrase-file, run this on a terminal, or let GnuPG's agent sign"
                        + " with --gpg-key"));
  }
}
