/**
 * Mounts: a server in the background for each, the registry of them, and how they are switched to
 * another snapshot and unmounted.
 *
 * <h2>Terms</h2>
 *
 * A <em>server</em> is the process that answers for one mount. A <em>plan</em> ({@link
 * io.strata.mount.MountPlan}) is all that is to be known for serving it. The <em>registry</em> is a
 * directory with one small file for each server ({@link io.strata.mount.RegistryEntry}) and its
 * control socket. A server is <em>dead</em> when its process is gone and its mount is not: whoever
 * touches that gets ENOTCONN. A <em>holder</em> is who keeps a mount busy.
 *
 * <h2>The life of a server</h2>
 *
 * {@link io.strata.mount.ServerStarter} starts a second JVM with this one's class path and options,
 * checks meanwhile what can be checked ({@link io.strata.mount.Preflight}), and writes the plan to
 * its standard input. The server begins a session of its own, takes a lease of the image, opens the
 * layers, mounts, asks its own root for its attributes, registers, and only then says {@code ready}
 * on its standard output; anything else is an error line, with nothing left behind. From then on it
 * writes to its log alone. It ends when its mount does: by {@code strata umount}, {@code umount},
 * {@code fusermount3 -u}, when nobody used it for as long as {@code -o timeout=} says ({@link
 * io.strata.mount.IdleWatch}), or when it gets SIGTERM or SIGINT; then it unmounts by itself, and
 * takes a busy mount out of the tree lazily, so that it can end.
 *
 * <h2>Formats</h2>
 *
 * Plans, registry files and what goes over the control socket are lines of a key, a space and a
 * value; they are not kept beyond a boot. The mount table is read as proc_pid_mountinfo(5) has it.
 *
 * <h2>Locking</h2>
 *
 * A registry file has one writer, its server; it is replaced by rename. A server holds a {@code
 * flock} on the work directory of its upper layer, and a lease (see {@code store}) on each image.
 * Within a server one lock, that of {@link io.strata.mount.MountServer}, is held while it mounts,
 * switches or unmounts; requests of the mount never take it.
 */
@NullMarked
package io.strata.mount;

import org.jspecify.annotations.NullMarked;
