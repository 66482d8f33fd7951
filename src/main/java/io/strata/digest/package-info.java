/**
 * The digests that tell contents apart: SHA-256 and SHA-512 of FIPS 180-4, of the JDK, and of
 * libcrypto for long contents. Java's own code for them is quick only once the JVM has compiled it
 * in full, which programs of seconds never do; there libcrypto takes an eighth of the time.
 *
 * <p>Locking: {@link io.strata.digest.Sha2} may be shared; a digest that it starts is for one
 * thread.
 *
 * <p>Failures: none. Where libcrypto is missing, or does not give what the JDK does, the JDK takes
 * all digests.
 */
@NullMarked
package io.strata.digest;

import org.jspecify.annotations.NullMarked;
