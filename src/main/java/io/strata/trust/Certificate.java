package io.strata.trust;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
  private final Revocations revocations;

  Certificate(PGPPublicKeyRing ring) {
    this(ring, List.of(ring));
  }

  /** A certificate; among {@code others} are those by whose keys it may be revoked. */
  Certificate(PGPPublicKeyRing ring, Collection<PGPPublicKeyRing> others) {
    this.ring = ring;
    this.primary = ring.getPublicKey();
    this.revocations = new Revocations(primary, others);
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
        .or(
            () ->
                key.isMasterKey()
                    ? saying(statements(), SignatureSubpacketTags.KEY_FLAGS)
                        .flatMap(Certificate::mayNotSign)
                    : subkeyRefusal(key, now));
  }

  private Optional<String> primaryRefusal(Instant now) {
    Optional<String> revoked = revocations.ofPrimary();
    if (revoked.isPresent()) {
      return revoked;
    }
    List<PGPSignature> statements = statements();
    if (statements.isEmpty()) {
      return Optional.of("has no signature of its own that is good, and not over a weak digest");
    }
    return saying(statements, SignatureSubpacketTags.KEY_EXPIRE_TIME)
        .flatMap(said -> expired(primary, said, now));
  }

  private Optional<String> subkeyRefusal(PGPPublicKey key, Instant now) {
    if (revocations.ofSubkey(key)) {
      return Optional.of("is revoked");
    }
    Optional<PGPSignature> binding =
        newest(
            SignatureChecks.list(key.getSignaturesOfType(PGPSignature.SUBKEY_BINDING)),
            s -> binds(s, key));
    if (binding.isEmpty()) {
      return Optional.of(
          "has no binding to its primary key that is good, and not over a weak digest");
    }
    PGPSignatureSubpacketVector said = binding.get().getHashedSubPackets();
    return mayNotSign(said)
        .or(() -> expired(key, said, now))
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

  private static Optional<String> mayNotSign(PGPSignatureSubpacketVector said) {
    boolean forbidden =
        said.hasSubpacket(SignatureSubpacketTags.KEY_FLAGS)
            && (said.getKeyFlags() & KeyFlags.SIGN_DATA) == 0;
    return forbidden ? Optional.of("may not sign data") : Optional.empty();
  }

  private static Optional<String> expired(
      PGPPublicKey key, PGPSignatureSubpacketVector said, Instant now) {
    long seconds = said.getKeyExpirationTime();
    Instant end = key.getCreationTime().toInstant().plusSeconds(seconds);
    return seconds > 0 && !now.isBefore(end) ? Optional.of("expired on " + end) : Optional.empty();
  }

  /**
   * What the primary key says of itself: over the key alone, then over its user ids, the newest
   * first. In version 6 only the former counts, if there is one (RFC 9580 section 5.2.3.10).
   */
  private List<PGPSignature> statements() {
    Optional<PGPSignature> direct = directBinding();
    if (direct.isPresent() && primary.getVersion() == PublicKeyPacket.VERSION_6) {
      return List.of(direct.get());
    }
    List<PGPSignature> all = new ArrayList<>();
    for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext(); ) {
      byte[] id = ids.next();
      newest(SignatureChecks.list(primary.getSignaturesForID(id)), s -> certifies(s, id))
          .filter(s -> isLastWord(s, id))
          .ifPresent(all::add);
    }
    all.sort(Comparator.comparing(PGPSignature::getCreationTime).reversed());
    direct.ifPresent(all::addFirst);
    return all;
  }

  /** The first that says a thing: one that is silent takes nothing back. */
  private static Optional<PGPSignatureSubpacketVector> saying(
      List<PGPSignature> statements, int subpacket) {
    return statements.stream()
        .map(PGPSignature::getHashedSubPackets)
        .filter(said -> said.hasSubpacket(subpacket))
        .findFirst();
  }

  private Optional<PGPSignature> directBinding() {
    return newest(
        SignatureChecks.list(primary.getSignaturesOfType(PGPSignature.DIRECT_KEY)),
        s ->
            isByPrimary(s)
                && SignaturePolicy.isSound(s)
                && check(s, () -> s.verifyCertification(primary)));
  }

  // Who revoked a user id may have certified it again since.
  private boolean isLastWord(PGPSignature certification, byte[] id) {
    return revocations.ofUser(id).stream()
        .allMatch(r -> r.getCreationTime().before(certification.getCreationTime()));
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
              && SignatureChecks.isGood(
                  back, subkey, () -> back.verifyCertification(primary, subkey))) {
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
    return SignatureChecks.claims(signature, primary);
  }

  private boolean check(PGPSignature signature, SignatureChecks.Check check) {
    return SignatureChecks.isGood(signature, primary, check);
  }

  private static Optional<PGPSignature> newest(
      List<PGPSignature> all, Predicate<PGPSignature> valid) {
    return all.stream().filter(valid).max(Comparator.comparing(PGPSignature::getCreationTime));
  }
}
