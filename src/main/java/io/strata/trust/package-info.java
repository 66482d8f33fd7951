/**
 * The index of a mirror: what it lists, who signed it and whether it is fresh.
 *
 * <h2>Terms</h2>
 *
 * Index: {@code sha512sum.txt}. Body: the lines between the armor's header and the signature, or
 * all of an unsigned file. Current: the snapshot that the index says is the newest one.
 *
 * <h2>Formats</h2>
 *
 * <ul>
 *   <li>Digests: the output of GNU {@code sha512sum}, {@code HEX name} or {@code HEX *name}. Lines
 *       that do not match are ignored.
 *   <li>{@code Current: ${repo}-${version}} anywhere in a line, in any case, as often as wanted,
 *       with any number of names after it, separated by blanks (squashdelta's README).
 *   <li>The signature: RFC 9580 section 7, the cleartext signature framework. Only the signed body
 *       counts; {@code Current:} may also stand in a {@code Comment:} of the signature's armor,
 *       where it is not signed and can only choose among the snapshots that the body lists.
 * </ul>
 *
 * <p>A line is what lies between two line feeds, without blanks, tabs and carriage returns at its
 * end: exactly what OpenPGP signs, so nothing is read that was not signed.
 *
 * <h2>Locking</h2>
 *
 * None: all values are immutable.
 */
@NullMarked
package io.strata.trust;

import org.jspecify.annotations.NullMarked;
