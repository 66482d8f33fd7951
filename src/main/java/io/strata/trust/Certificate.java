package io.strata.trust;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * A primary key with its subkeys, and what its own signatures say they may do now.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9580#section-10.1">RFC 9580 section 10.1</a>
 */
final class Certificate {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MIN_CURVE_BITS = 255;

  private final PGPPublicKeyRing ring;
  private final PGPPublicKey primary;

  Certificate(PGPPublicKeyRing ring) {
    this.ring = ring;
    this.primary = ring.getPublicKey();
  }

  PGPPublicKeyRing ring() {
    return ring;
  }

  /** Why a key of this certificate can't sign at this moment, in words; empty if it can. */
  Optional<String> refusal(PGPPublicKey key) {
    Instant now = Instant.now();
    return tooWeak(key)
        .or(() -> tooWeak(primary).map(why -> "has a primary key that " + why))
        .or(() -> primaryRefusal(now))
        .or(() -> key.isMasterKey() ? mayNotSign(primaryBinding()) : subkeyRefusal(key, now));
  }

  private Optional<String> primaryRefusal(Instant now) {
    if (isRevoked(primary, PGPSignature.KEY_REVOCATION)) {
      return Optional.of("is revoked");
    }
    Optional<PGPSignature> binding = primaryBinding();
    if (binding.isEmpty()) {
      return Optional.of("has no signature of its own that is good, and not over a weak digest");
    }
    return expired(primary, binding.get(), now);
  }

  private Optional<String> subkeyRefusal(PGPPublicKey key, Instant now) {
    if (isRevoked(key, PGPSignature.SUBKEY_REVOCATION)) {
      return Optional.of("is revoked");
    }
    Optional<PGPSignature> binding =
        newest(
            signatures(key.getSignaturesOfType(PGPSignature.SUBKEY_BINDING)), s -> binds(s, key));
    if (binding.isEmpty()) {
      return Optional.of(
          "has no binding to its primary key that is good, and not over a weak digest");
    }
    return mayNotSign(binding)
        .or(() -> expired(key, binding.get(), now))
        .or(
            () ->
                isBoundBack(binding.get(), key)
                    ? Optional.empty()
                    : Optional.of("does not acknowledge its primary key"));
  }

  private static Optional<String> tooWeak(PGPPublicKey key) {
    int bits = key.getBitStrength();
    return switch (key.getAlgorithm()) {
      case PublicKeyAlgorithmTags.RSA_GENERAL, PublicKeyAlgorithmTags.RSA_SIGN ->
          bits < MIN_RSA_BITS
              ? Optional.of("is an RSA key of " + bits + " bits, fewer than " + MIN_RSA_BITS)
              : Optional.empty();
      case PublicKeyAlgorithmTags.ECDSA ->
          bits < MIN_CURVE_BITS
              ? Optional.of("is an ECDSA key of only " + bits + " bits")
              : Optional.empty();
      case PublicKeyAlgorithmTags.EDDSA_LEGACY,
          PublicKeyAlgorithmTags.Ed25519,
          PublicKeyAlgorithmTags.Ed448 ->
          Optional.empty();
      default ->
          Optional.of("is of an algorithm that is not accepted (" + key.getAlgorithm() + ")");
    };
  }

  private static Optional<String> mayNotSign(Optional<PGPSignature> binding) {
    PGPSignatureSubpacketVector hashed = binding.orElseThrow().getHashedSubPackets();
    boolean forbidden =
        hashed != null
            && hashed.hasSubpacket(SignatureSubpacketTags.KEY_FLAGS)
            && (hashed.getKeyFlags() & KeyFlags.SIGN_DATA) == 0;
    return forbidden ? Optional.of("may not sign data") : Optional.empty();
  }

  private static Optional<String> expired(PGPPublicKey key, PGPSignature binding, Instant now) {
    PGPSignatureSubpacketVector hashed = binding.getHashedSubPackets();
    long seconds = hashed == null ? 0 : hashed.getKeyExpirationTime();
    Instant end = key.getCreationTime().toInstant().plusSeconds(seconds);
    return seconds > 0 && !now.isBefore(end) ? Optional.of("expired on " + end) : Optional.empty();
  }

  /**
   * What counts of the primary key's statements about itself: the newest one; in version 6 that
   * over the key alone if there is one (RFC 9580 section 5.2.3.10).
   */
  private Optional<PGPSignature> primaryBinding() {
    Optional<PGPSignature> direct = directBinding();
    if (direct.isPresent() && primary.getVersion() == PublicKeyPacket.VERSION_6) {
      return direct;
    }
    List<PGPSignature> all = new ArrayList<>(direct.stream().toList());
    for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext(); ) {
      byte[] id = ids.next();
      if (!isRevoked(id)) {
        newest(signatures(primary.getSignaturesForID(id)), s -> certifies(s, id))
            .ifPresent(all::add);
      }
    }
    return all.stream().max(Comparator.comparing(PGPSignature::getCreationTime));
  }

  private Optional<PGPSignature> directBinding() {
    return newest(
        signatures(primary.getSignaturesOfType(PGPSignature.DIRECT_KEY)),
        s ->
            isByPrimary(s)
                && SignaturePolicy.isSound(s)
                && check(s, () -> s.verifyCertification(primary)));
  }

  private boolean isRevoked(byte[] id) {
    return signatures(primary.getSignaturesForID(id)).stream()
        .anyMatch(
            s ->
                s.getSignatureType() == PGPSignature.CERTIFICATION_REVOCATION
                    && isByPrimary(s)
                    && check(s, () -> s.verifyCertification(id, primary)));
  }

  private boolean certifies(PGPSignature signature, byte[] id) {
    return signature.isCertification()
        && isByPrimary(signature)
        && SignaturePolicy.isSound(signature)
        && check(signature, () -> signature.verifyCertification(id, primary));
  }

  private boolean binds(PGPSignature signature, PGPPublicKey subkey) {
    return isByPrimary(signature)
        && SignaturePolicy.isSound(signature)
        && check(signature, () -> signature.verifyCertification(primary, subkey));
  }

  private boolean isRevoked(PGPPublicKey key, int type) {
    return signatures(key.getSignaturesOfType(type)).stream()
        .anyMatch(
            s ->
                isByPrimary(s)
                    && check(
                        s,
                        () ->
                            key.isMasterKey()
                                ? s.verifyCertification(primary)
                                : s.verifyCertification(primary, key)));
  }

  // Else anybody could adopt another's signing key as a subkey of his own.
  private boolean isBoundBack(PGPSignature binding, PGPPublicKey subkey) {
    try {
      for (PGPSignatureSubpacketVector packets :
          new PGPSignatureSubpacketVector[] {
            binding.getHashedSubPackets(), binding.getUnhashedSubPackets()
          }) {
        if (packets == null) {
          continue;
        }
        for (PGPSignature back : packets.getEmbeddedSignatures()) {
          if (back.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING
              && SignaturePolicy.isSound(back)
              && checkWith(back, subkey, () -> back.verifyCertification(primary, subkey))) {
            return true;
          }
        }
      }
      return false;
    } catch (PGPException e) {
      return false;
    }
  }

  private boolean isByPrimary(PGPSignature signature) {
    return signature.hasKeyIdentifier(primary.getKeyIdentifier());
  }

  private boolean check(PGPSignature signature, Check check) {
    return checkWith(signature, primary, check);
  }

  private static boolean checkWith(PGPSignature signature, PGPPublicKey signer, Check check) {
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), signer);
      return check.isGood();
    } catch (PGPException | RuntimeException e) {
      return false;
    }
  }

  private static List<PGPSignature> signatures(Iterator<PGPSignature> iterator) {
    List<PGPSignature> all = new ArrayList<>();
    if (iterator != null) {
      iterator.forEachRemaining(all::add);
    }
    return all;
  }

  private static Optional<PGPSignature> newest(
      List<PGPSignature> all, Predicate<PGPSignature> valid) {
    return all.stream().filter(valid).max(Comparator.comparing(PGPSignature::getCreationTime));
  }

  /** Verifies a signature that was initialised. */
  private interface Check {
    boolean isGood() throws PGPException;
  }
}
