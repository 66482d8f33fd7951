/**
 * Reads SquashFS 4.0 images: superblock, inodes, directories, fragments, ids, extended attributes,
 * export table and data.
 *
 * <p>{@link io.strata.squashfs.SquashFsImage} is the way in; {@link
 * io.strata.squashfs.ImageVerifier} reads everything once and reports what is damaged. An image may
 * lie anywhere in a file or on a block device; {@link io.strata.squashfs.ImageSearch} finds it.
 *
 * <p>Terms. <em>Inode reference</em>: where an inode lies, as the byte offset of its metadata block
 * from the start of the inode table, shifted left by 16, plus the offset inside the decoded block.
 * <em>Metadata block</em>: at most 8 KiB of a table, compressed on its own behind a 2 byte header.
 * <em>Data block</em>: one block of a file. <em>Fragment</em>: a data block that holds the tails of
 * several files. <em>Size word</em>: the 32 bits that give a block's stored size, and in bit 24
 * whether it is stored uncompressed. <em>Position</em>: a byte offset from the start of the image,
 * which may differ from that in its file.
 *
 * <p>Hostile images: nothing that an image says is used before it was checked against the size of
 * the image, the size of the table or the block size. Tables are only read forwards, so a chain of
 * metadata blocks cannot loop. What is allocated is bounded by the caches' budgets and by the bytes
 * that the image really has. Damage shows as {@link io.strata.squashfs.CorruptImageException} to
 * whoever reads the damaged thing; everything else stays readable. Images are read with pread and
 * never mapped: one that is truncated in use gives an error, not a crash.
 *
 * <p>Locking: an open image is safe for use by any number of threads. Decoded metadata and inodes
 * are immutable and published through atomic arrays. {@link io.strata.squashfs.BlockCache} has one
 * lock, held only to find, pin and unpin slots, never while a block is read or decompressed. {@link
 * io.strata.squashfs.ReadAhead} has one lock, and takes no other while it holds it.
 *
 * <p>Source of the format: the kernel's Documentation/filesystems/squashfs.rst and
 * fs/squashfs/squashfs_fs.h.
 */
@NullMarked
package io.strata.squashfs;

import org.jspecify.annotations.NullMarked;
