package io.strata.trust;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.sig.RevocationKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;

/**
 * Whether a certificate was revoked: by itself, or by another key that it names for that (RFC 9580
 * section 5.2.3.23). A digest may be weak here, for who is in doubt shall not believe a key.
 */
final class Revocations {
  /** Of a revocation key's class: without it, it is none. */
  private static final int CLASS_REVOKER = 0x80;

  private final PGPPublicKey primary;
  private final Collection<PGPPublicKeyRing> others;

  /**
   * The revocations of a certificate.
   *
   * @param others where the keys are looked for that it names
   */
  Revocations(PGPPublicKey primary, Collection<PGPPublicKeyRing> others) {
    this.primary = primary;
    this.others = others;
  }

  /** Why the primary key, and with it all of the certificate, counts for nothing any more. */
  Optional<String> ofPrimary() {
    List<PGPSignature> all =
        SignatureChecks.list(primary.getSignaturesOfType(PGPSignature.KEY_REVOCATION));
    if (all.stream().anyMatch(s -> isOverPrimary(s, primary))) {
      return Optional.of("is revoked");
    }
    for (RevocationKey revoker : revokers()) {
      if (all.stream().anyMatch(s -> isBy(revoker, s))) {
        String name = HexFormat.of().withUpperCase().formatHex(revoker.getFingerprint());
        return Optional.of("is revoked by key " + name + ", which it names for that");
      }
    }
    return Optional.empty();
  }

  /** Whether a subkey was revoked. */
  boolean ofSubkey(PGPPublicKey subkey) {
    return SignatureChecks.list(subkey.getSignaturesOfType(PGPSignature.SUBKEY_REVOCATION)).stream()
        .anyMatch(
            s ->
                SignatureChecks.claims(s, primary)
                    && SignatureChecks.isGood(
                        s, primary, () -> s.verifyCertification(primary, subkey)));
  }

  /** The revocations of a user id. */
  List<PGPSignature> ofUser(byte[] id) {
    return SignatureChecks.list(primary.getSignaturesForID(id)).stream()
        .filter(
            s ->
                s.getSignatureType() == PGPSignature.CERTIFICATION_REVOCATION
                    && SignatureChecks.claims(s, primary)
                    && SignatureChecks.isGood(s, primary, () -> s.verifyCertification(id, primary)))
        .toList();
  }

  // Where the revoker's key is not here, its word is taken unseen: to be here would make it one
  // that may sign an index.
  private boolean isBy(RevocationKey revoker, PGPSignature revocation) {
    if (!revocation.hasKeyIdentifier(revoker.getKeyIdentifier())) {
      return false;
    }
    return others.stream()
        .map(PGPPublicKeyRing::getPublicKey)
        .filter(key -> key.hasFingerprint(revoker.getFingerprint()))
        .findFirst()
        .map(key -> isOverPrimary(revocation, key))
        .orElse(true);
  }

  private boolean isOverPrimary(PGPSignature signature, PGPPublicKey signer) {
    return SignatureChecks.claims(signature, signer)
        && SignatureChecks.isGood(signature, signer, () -> signature.verifyCertification(primary));
  }

  /** Whom the primary key names in what it says of itself, which nobody can take back. */
  private List<RevocationKey> revokers() {
    List<RevocationKey> revokers = new ArrayList<>();
    for (PGPSignature s :
        SignatureChecks.list(primary.getSignaturesOfType(PGPSignature.DIRECT_KEY))) {
      if (isOverPrimary(s, primary) && s.getHashedSubPackets() != null) {
        for (RevocationKey revoker : s.getHashedSubPackets().getRevocationKeys()) {
          if ((revoker.getSignatureClass() & CLASS_REVOKER) != 0) {
            revokers.add(revoker);
          }
        }
      }
    }
    return revokers;
  }
}
