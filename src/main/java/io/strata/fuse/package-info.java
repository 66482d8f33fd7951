/**
 * What a file system that is served through FUSE looks like, and what serves it.
 *
 * <p>{@link io.strata.fuse.FileSystem} is what a file system implements. A {@link
 * io.strata.fuse.Transport} mounts and serves one, as a {@link io.strata.fuse.Session}. There are
 * two: {@code io.strata.fuse.kernel}, our own /dev/fuse protocol, and {@code
 * io.strata.fuse.libfuse}, through jnr-fuse.
 *
 * <p>Terms: a <em>node</em> is what FUSE calls an inode of the mount, named by a 64-bit <em>node
 * id</em> that the file system chooses; 0 is never one, {@link io.strata.fuse.FileSystem#ROOT} is
 * the root's. A <em>handle</em> is a number that the file system gives out when it opens a file or
 * directory and gets back with every call on that opening; 0 where it needs none. An <em>entry</em>
 * is a name in a directory with the node it leads to. A node is <em>looked up</em> once for each
 * entry that was given to the kernel, and forgotten when the kernel gave all of these back.
 *
 * <p>The one error rule: an operation that fails throws {@link io.strata.posix.ErrnoException} and
 * has changed nothing, and what it had put into its reply is void.
 *
 * <p>Caching: each reply says how long the kernel may keep it. What can change only through the
 * mount itself may be kept for ever.
 *
 * <p>Locking: a transport calls from several threads at once; for one and the same node too. The
 * objects that it passes (request, attributes, replies, buffers) belong to the calling thread and
 * are used again after the call has returned: a file system keeps none of them.
 *
 * <p>Source: linux/fuse.h (protocol 7.45) and Documentation/filesystems/fuse of the kernel.
 */
@NullMarked
package io.strata.fuse;

import org.jspecify.annotations.NullMarked;
