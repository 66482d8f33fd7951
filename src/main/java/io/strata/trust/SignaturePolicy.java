package io.strata.trust;

import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SignaturePacket;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;

/** Which signatures are taken at all, whoever made them. */
final class SignaturePolicy {
  private SignaturePolicy() {}

  /** Why a signature counts for nothing, in words that can follow it; empty if it counts. */
  static Optional<String> refusal(PGPSignature signature, Instant now) {
    return oldVersion(signature)
        .or(() -> weakDigest(signature.getHashAlgorithm()))
        .or(() -> unknownCritical(signature))
        .or(() -> expired(signature, now));
  }

  /** The same for what a key says about itself: a digest that is broken proves nothing. */
  static boolean isSound(PGPSignature signature) {
    return refusal(signature, Instant.now()).isEmpty();
  }

  // Version 3 has no signed parts, and nobody has made any for twenty years (section 5.2.2).
  private static Optional<String> oldVersion(PGPSignature signature) {
    int version = signature.getVersion();
    return version < SignaturePacket.VERSION_4
        ? Optional.of("is of version " + version + ", which is not accepted")
        : Optional.empty();
  }

  private static Optional<String> weakDigest(int algorithm) {
    return switch (algorithm) {
      case HashAlgorithmTags.SHA224,
          HashAlgorithmTags.SHA256,
          HashAlgorithmTags.SHA384,
          HashAlgorithmTags.SHA512,
          HashAlgorithmTags.SHA3_256,
          HashAlgorithmTags.SHA3_512 ->
          Optional.empty();
      case HashAlgorithmTags.MD5 -> Optional.of("uses a weak digest (MD5)");
      case HashAlgorithmTags.SHA1 -> Optional.of("uses a weak digest (SHA-1)");
      case HashAlgorithmTags.RIPEMD160 -> Optional.of("uses a weak digest (RIPEMD-160)");
      default -> Optional.of("uses a weak or unknown digest (" + algorithm + ")");
    };
  }

  // RFC 9580 section 5.2.3.7: what is critical and not understood makes a signature invalid.
  private static Optional<String> unknownCritical(PGPSignature signature) {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    if (hashed == null) {
      return Optional.empty();
    }
    for (int tag : hashed.getCriticalTags()) {
      if (!isKnown(tag)) {
        return Optional.of("has a critical part that is not known here (" + tag + ")");
      }
    }
    return Optional.empty();
  }

  // No notation means anything here.
  private static boolean isKnown(int tag) {
    return switch (tag) {
      case SignatureSubpacketTags.CREATION_TIME,
          SignatureSubpacketTags.EXPIRE_TIME,
          SignatureSubpacketTags.EXPORTABLE,
          SignatureSubpacketTags.REVOCABLE,
          SignatureSubpacketTags.KEY_EXPIRE_TIME,
          SignatureSubpacketTags.PREFERRED_SYM_ALGS,
          SignatureSubpacketTags.REVOCATION_KEY,
          SignatureSubpacketTags.ISSUER_KEY_ID,
          SignatureSubpacketTags.PREFERRED_HASH_ALGS,
          SignatureSubpacketTags.PREFERRED_COMP_ALGS,
          SignatureSubpacketTags.KEY_SERVER_PREFS,
          SignatureSubpacketTags.PREFERRED_KEY_SERV,
          SignatureSubpacketTags.PRIMARY_USER_ID,
          SignatureSubpacketTags.POLICY_URL,
          SignatureSubpacketTags.KEY_FLAGS,
          SignatureSubpacketTags.SIGNER_USER_ID,
          SignatureSubpacketTags.REVOCATION_REASON,
          SignatureSubpacketTags.FEATURES,
          SignatureSubpacketTags.EMBEDDED_SIGNATURE,
          SignatureSubpacketTags.ISSUER_FINGERPRINT,
          SignatureSubpacketTags.LIBREPGP_PREFERRED_ENCRYPTION_MODES,
          SignatureSubpacketTags.PREFERRED_AEAD_ALGORITHMS ->
          true;
      default -> false;
    };
  }

  private static Optional<String> expired(PGPSignature signature, Instant now) {
    PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
    long seconds = hashed == null ? 0 : hashed.getSignatureExpirationTime();
    Instant end = signature.getCreationTime().toInstant().plusSeconds(seconds);
    return seconds > 0 && !now.isBefore(end) ? Optional.of("expired on " + end) : Optional.empty();
  }
}
