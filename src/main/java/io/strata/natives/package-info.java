/**
 * Functions of native libraries, called through jffi, the lower layer of jnr-ffi.
 *
 * <p>jnr-ffi makes a class and a stub for each function of an interface at run time, which takes
 * tens of milliseconds in every process that makes a system call. What is here makes no code: the
 * arguments go to one of seven precompiled ways in, by their number. A call costs the same.
 *
 * <p>Terms: a <em>function</em> is looked up by its name when it is asked for, and may be missing;
 * a missing one throws only when it is called. All arguments and results are 64-bit numbers.
 *
 * <p>Locking: all classes are thread-safe.
 *
 * <p>Source: the calling conventions of 64-bit Linux, in which an integer or pointer of any size
 * travels in a register of its own, widened by its sign.
 */
@NullMarked
package io.strata.natives;

import org.jspecify.annotations.NullMarked;
