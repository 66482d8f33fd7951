/**
 * The system calls that Strata makes: libc, through {@code natives}.
 *
 * <p>{@link io.strata.posix.Posix#system()} gives the calls in groups: by descriptor ({@link
 * io.strata.posix.FileCalls}), by directory descriptor and name ({@link
 * io.strata.posix.NameCalls}), extended attributes ({@link io.strata.posix.XattrCalls}), mounts
 * ({@link io.strata.posix.MountCalls}) and processes ({@link io.strata.posix.ProcessCalls}).
 *
 * <p>Terms: a <em>descriptor</em> is a plain {@code int}; whoever opens one closes it. A
 * <em>name</em> is a {@code byte[]} without a terminating NUL, in no particular encoding: Linux has
 * none. A failed call throws {@link io.strata.posix.ErrnoException}, which is preallocated and
 * carries no stack: ENOENT is no event.
 *
 * <p>Locking: all classes are thread-safe. Arguments travel through a scratch area per thread.
 *
 * <p>Source of the layouts: the Linux UAPI headers, for 64-bit little-endian machines.
 */
@NullMarked
package io.strata.posix;

import org.jspecify.annotations.NullMarked;
