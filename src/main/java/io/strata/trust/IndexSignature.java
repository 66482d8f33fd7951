package io.strata.trust;

import java.time.Instant;

/**
 * A signature of an index that was found good.
 *
 * @param created when it was made, as the signature itself says
 * @param fingerprint of the key that made it, upper-case hexadecimal
 * @param signer a user id of the certificate, or the fingerprint where it has none
 */
public record IndexSignature(Instant created, String fingerprint, String signer) {}
