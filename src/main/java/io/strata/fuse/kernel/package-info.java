/**
 * Serves a {@link io.strata.fuse.FileSystem} by the protocol of /dev/fuse itself, without libfuse.
 *
 * <p>{@link io.strata.fuse.kernel.KernelTransport} mounts and makes the session. A request comes by
 * one read(2) into a thread's request buffer, the {@code Dispatcher} decodes it and calls the file
 * system, which fills the thread's reply buffer; one write(2) sends it. Between the two nothing is
 * copied, and nothing is allocated but the names.
 *
 * <p>Terms: an <em>exchange</em> is a request and its reply with all that the thread which serves
 * it uses again and again. The <em>crew</em> are the threads of one mount; a <em>spare</em> is a
 * thread that came because others are busy with something long. Where it is asked for, requests
 * come over io_uring instead: each processor has a <em>queue</em> with threads of its own ({@code
 * RingCrew}), each of which has an <em>entry</em>, memory that is the kernel's while the thread
 * waits. The <em>body</em> is what follows a message's header. A <em>unique</em> is the kernel's
 * number of a request.
 *
 * <p>Locking: an exchange belongs to one thread. {@code Crew}, {@code RingQueue} and {@code
 * BackingFiles} guard their state with their own monitor and call nothing foreign under it but
 * system calls that do not wait.
 *
 * <p>Source of the format: linux/fuse.h, Documentation/filesystems/fuse/fuse-io-uring.rst; protocol
 * 7.31 (Linux 5.4) to 7.45 (Linux 6.18). Little-endian machines; the ioctl numbers are those of
 * asm-generic (x86, ARM, RISC-V).
 */
@NullMarked
package io.strata.fuse.kernel;

import org.jspecify.annotations.NullMarked;
