/**
 * Serves a {@link io.strata.fuse.FileSystem} through libfuse 2.9, by jnr-fuse.
 *
 * <p>libfuse's high-level interface speaks in paths, ours in nodes. {@code NameCache} turns one
 * into the other: component by component with lookups, of which it remembers a bounded number, kept
 * right by the renames and removals that pass through. Each remembered name holds one lookup of its
 * node and gives it back when it is dropped.
 *
 * <p>Of jnr-fuse this uses {@link ru.serce.jnrfuse.LibFuse}, {@link
 * ru.serce.jnrfuse.struct.FuseOperations} and the other structures, but not its {@code
 * AbstractFuseFS}: that gives paths as decoded Strings, in which names that are not UTF-8 are lost,
 * fails in fsyncdir, and unmounts lazily. Our callbacks take addresses, so every name arrives byte
 * for byte, and requests are read on threads of our own and handed to {@code fuse_session_process}:
 * no thread has to be attached to the JVM per call, and each callback knows which request it is
 * for.
 *
 * <p>Files that are removed while open: libfuse 2 renames them to {@code .fuse_hidden...} and
 * removes that when the last opening ends. Here such a rename, known by coming from an UNLINK or
 * from the target of a RENAME, only marks the remembered name as <em>hidden</em>: the file system
 * sees an unlink (or nothing, since the rename itself replaces the target), no directory ever lists
 * the name, and whatever is asked about it goes to the node.
 *
 * <p>What libfuse 2 can't do, since it speaks protocol 7.19: READDIRPLUS, two lookups in one
 * directory at once, RENAME_NOREPLACE and RENAME_EXCHANGE (EINVAL), O_TMPFILE (EOPNOTSUPP), holes
 * by lseek (all is data), copies inside the server, POSIX ACLs checked by the kernel, passthrough,
 * writeback, requests over 128 KiB. Names of one node by hard links are separate inodes to the
 * kernel, with the same st_ino: each has a page cache of its own. A removed directory, and a file
 * below one, has no attributes any more (ENOENT). Lifetimes go for the whole mount: as good as
 * infinite on a read-only one, none for attributes on a writable one; {@link
 * io.strata.fuse.Connection}'s invalidations reach the name cache only.
 *
 * <p>Terms: a <em>held</em> node is one whose lookup the name cache holds. A <em>worker</em> is
 * what belongs to one thread that serves.
 *
 * <p>Locking: {@code NameCache} has one lock, under which the file system is never called. libfuse
 * itself keeps operations on one path from overtaking renames of it.
 *
 * <p>Source: fuse.h, fuse_common.h and fuse_lowlevel.h of libfuse 2.9.9; linux/fuse.h.
 */
@NullMarked
package io.strata.fuse.libfuse;

import org.jspecify.annotations.NullMarked;
