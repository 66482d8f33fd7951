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
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPObjectFactory;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** The keys whose signatures make an index trusted. Immutable. */
public final class TrustedKeys {
  /** More would only keep this machine busy: each is computed over the whole text. */
  private static final int MAX_SIGNATURES = 16;

  private final Path source;
  private final List<Certificate> certificates;

  TrustedKeys(Path source, List<Certificate> certificates) {
    this.source = source;
    this.certificates = List.copyOf(certificates);
  }

  /**
   * The public keys of a file, armored or binary, or of all files of a directory, see {@link
   * CertificateFiles}.
   *
   * @throws KeyException if there is none, or one of the files is something else
   */
  public static TrustedKeys read(Path path) throws KeyException {
    return new TrustedKeys(path, CertificateFiles.read(path));
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
    List<PGPSignature> signatures = signatures(message);
    if (signatures.size() > MAX_SIGNATURES) {
      throw new UntrustedIndexException("it holds more than " + MAX_SIGNATURES + " signatures");
    }
    for (PGPSignature signature : signatures) {
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
    Optional<String> flaw = SignaturePolicy.refusal(signature, Instant.now());
    if (flaw.isPresent()) {
      throw new UntrustedIndexException(
          "the signature of key " + keyId(signature) + " " + flaw.get());
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

  static String fingerprint(PGPPublicKey key) {
    return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
  }

  private static String keyId(PGPSignature signature) {
    return String.format(Locale.ROOT, "%016X", signature.getKeyID());
  }
}
