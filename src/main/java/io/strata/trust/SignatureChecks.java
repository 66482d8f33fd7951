package io.strata.trust;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/** Computes signatures of keys over keys. What can't be computed is not good. */
final class SignatureChecks {
  private SignatureChecks() {}

  /** Verifies a signature that was initialised. */
  interface Check {
    boolean isGood() throws PGPException;
  }

  /** Whether {@code signer} made a signature, if {@code check} says over what. */
  static boolean isGood(PGPSignature signature, PGPPublicKey signer, Check check) {
    try {
      signature.init(new BcPGPContentVerifierBuilderProvider(), signer);
      return check.isGood();
    } catch (PGPException | RuntimeException e) {
      return false;
    }
  }

  /** Whether a signature says that {@code key} made it. */
  static boolean claims(PGPSignature signature, PGPPublicKey key) {
    return signature.hasKeyIdentifier(key.getKeyIdentifier());
  }

  /** All of them. */
  static List<PGPSignature> list(@Nullable Iterator<PGPSignature> iterator) {
    List<PGPSignature> all = new ArrayList<>();
    if (iterator != null) {
      iterator.forEachRemaining(all::add);
    }
    return all;
  }
}
