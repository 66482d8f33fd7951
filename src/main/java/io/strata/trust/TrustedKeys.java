package io.strata.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** The keys whose signatures make an index trusted. Immutable. */
public final class TrustedKeys {
  private final Path source;
  private final List<Certificate> certificates;

  TrustedKeys(Path source, List<Certificate> certificates) {
    this.source = source;
    this.certificates = List.copyOf(certificates);
  }

  /**
   * The public keys of a file, armored or binary, or of all files of a directory.
   *
   * @throws KeyException if there is none, or one of the files is something else
   */
  public static TrustedKeys read(Path path) throws KeyException {
    List<Certificate> certificates = new ArrayList<>();
    for (Path file : KeyFile.filesOf(path)) {
      int before = certificates.size();
      for (byte[] packets : KeyFile.packets(file, Armor.PUBLIC_KEY)) {
        certificates.addAll(certificates(file, packets));
      }
      if (certificates.size() == before) {
        throw new KeyException(file + ": no OpenPGP public key in it");
      }
    }
    return new TrustedKeys(path, certificates);
  }

  private static List<Certificate> certificates(Path file, byte[] packets) throws KeyException {
    List<Certificate> found = new ArrayList<>();
    try {
      PGPObjectFactory objects = new PGPObjectFactory(packets, new BcKeyFingerprintCalculator());
      for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
        if (next instanceof PGPPublicKeyRing ring) {
          found.add(new Certificate(ring));
        }
      }
      return found;
    } catch (IOException | RuntimeException e) {
      throw new KeyException(file + ": not a file of OpenPGP public keys: " + e.getMessage(), e);
    }
  }

  /**
   * Checks the signatures of a message: one good one of a trusted key is enough.
   *
   * @return the newest good signature
   * @throws UntrustedIndexException if there is none; the message says what is wrong with each
   */
  IndexSignature verify(ClearSigned message) throws UntrustedIndexException, IndexException {
    Optional<IndexSignature> best = Optional.empty();
    List<String> refusals = new ArrayList<>();
    byte[] signed = message.signedBytes();
    for (PGPSignature signature : signatures(message)) {
      try {
        IndexSignature good = verify(signature, signed);
        if (best.isEmpty() || good.created().isAfter(best.get().created())) {
          best = Optional.of(good);
        }
      } catch (UntrustedIndexException e) {
        refusals.add(e.getMessage());
      }
    }
    return best.orElseThrow(
        () ->
            new UntrustedIndexException(
                refusals.isEmpty() ? "it holds no signature" : String.join("; ", refusals)));
  }

  private static List<PGPSignature> signatures(ClearSigned message) throws IndexException {
    List<PGPSignature> all = new ArrayList<>();
    try {
      byte[] packets = message.signature().packets();
      PGPObjectFactory objects = new PGPObjectFactory(packets, new BcKeyFingerprintCalculator());
      for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
        if (next instanceof PGPSignatureList list) {
          list.forEach(all::add);
        }
      }
      return all;
    } catch (IOException | RuntimeException e) {
      throw new IndexException("its signature is damaged: " + e.getMessage(), e);
    }
  }

  private IndexSignature verify(PGPSignature signature, byte[] signed)
      throws UntrustedIndexException {
    if (signature.getSignatureType() != PGPSignature.CANONICAL_TEXT_DOCUMENT) {
      throw new UntrustedIndexException("a signature is of another kind than one over text");
    }
    if (isWeakHash(signature.getHashAlgorithm())) {
      throw new UntrustedIndexException(
          "a signature uses a weak or unknown digest (" + signature.getHashAlgorithm() + ")");
    }
    String unknown = "key " + keyId(signature) + " is not among those of " + source;
    Optional<String> refusal = Optional.empty();
    for (Certificate certificate : certificates) {
      Iterator<PGPPublicKey> keys = certificate.ring().getPublicKeys();
      while (keys.hasNext()) {
        PGPPublicKey key = keys.next();
        if (signature.hasKeyIdentifier(key.getKeyIdentifier())) {
          refusal = refusal(signature, signed, certificate, key);
          if (refusal.isEmpty()) {
            return accepted(signature, certificate, key);
          }
        }
      }
    }
    throw new UntrustedIndexException(refusal.orElse(unknown));
  }

  private static Optional<String> refusal(
      PGPSignature signature, byte[] signed, Certificate certificate, PGPPublicKey key) {
    if (!isGood(signature, signed, key)) {
      return Optional.of("the signature of key " + fingerprint(key) + " is not over this text");
    }
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    if (hashed == null || hashed.getSignatureCreationTime() == null) {
      return Optional.of("the signature of key " + fingerprint(key) + " has no signed time");
    }
    if (signature.getCreationTime().before(key.getCreationTime())) {
      return Optional.of("the signature is older than its key " + fingerprint(key));
    }
    long lifetime = hashed.getSignatureExpirationTime();
    Instant end = signature.getCreationTime().toInstant().plusSeconds(lifetime);
    if (lifetime > 0 && !Instant.now().isBefore(end)) {
      return Optional.of("the signature of key " + fingerprint(key) + " expired on " + end);
    }
    return certificate.refusal(key).map(why -> "key " + fingerprint(key) + " " + why);
  }

  private static boolean isGood(PGPSignature signature, byte[] signed, PGPPublicKey key) {
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), key);
      signature.update(signed);
      return signature.verify();
    } catch (PGPException | RuntimeException e) {
      return false;
    }
  }

  private static IndexSignature accepted(
      PGPSignature signature, Certificate certificate, PGPPublicKey key) {
    Iterator<String> users = certificate.ring().getPublicKey().getUserIDs();
    String fingerprint = fingerprint(key);
    return new IndexSignature(
        signature.getCreationTime().toInstant(),
        fingerprint,
        users.hasNext() ? users.next() : fingerprint);
  }

  private static boolean isWeakHash(int algorithm) {
    return switch (algorithm) {
      case HashAlgorithmTags.SHA224,
          HashAlgorithmTags.SHA256,
          HashAlgorithmTags.SHA384,
          HashAlgorithmTags.SHA512,
          HashAlgorithmTags.SHA3_256,
          HashAlgorithmTags.SHA3_512 ->
          false;
      default -> true;
    };
  }

  static String fingerprint(PGPPublicKey key) {
    return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
  }

  private static String keyId(PGPSignature signature) {
    return String.format(Locale.ROOT, "%016X", signature.getKeyID());
  }
}
