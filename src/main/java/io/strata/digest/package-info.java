/**
 * The digests that tell contents apart: SHA-256 and SHA-512 of FIPS 180-4, which every JDK has.
 *
 * <p>Locking: {@link io.strata.digest.Sha2} may be shared; a digest that it starts is for one
 * thread.
 */
@NullMarked
package io.strata.digest;

import org.jspecify.annotations.NullMarked;
