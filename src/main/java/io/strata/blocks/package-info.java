/**
 * Block indexes: what the parts of an image are, so that a client that has another image of the
 * repository can fetch those alone that it lacks.
 *
 * <h2>Terms</h2>
 *
 * Part: a run of bytes of an image that is the same in another image as a whole or not at all: a
 * compressed data block or fragment, a metadata block with its header, the index of a table, the
 * superblock. Each byte of an image is in one part. Block index: the list of all parts of an image,
 * with their digests.
 *
 * <h2>Format</h2>
 *
 * The file {@code ${repo}-${version}.sqfs.blocks}. Numbers are unsigned and big-endian.
 *
 * <pre>
 *  offset  bytes
 *       0      8  magic: "SQBLOCKS" in ASCII
 *       8      4  version of the format: 1
 *      12      4  N, how many parts there are, 1 to 2^25 - 3
 *      16      8  length of the image in bytes
 *      24     64  SHA-512 of the image
 *      88   32*N  the parts, in the order in which they lie in the image:
 *                   8  offset in the image
 *                   4  length in bytes, 1 to 2^21
 *                  20  the first 20 bytes of the SHA-256 of the part
 * </pre>
 *
 * The first part begins at offset 0, each other one where the one before it ends, and the last ends
 * where the image does. Which bytes make a part is the publisher's choice; a client finds parts in
 * its own image by dividing that one in the same way, see {@link io.strata.blocks.BlockIndex#of}:
 * wherever a part of a SquashFS image begins, by what its tables say, and every 2^20 bytes of a
 * part that is longer than that.
 *
 * <p>A block index is believed when its own SHA-512 is the one that the mirror's index lists, and
 * the image that is put together by it when its SHA-512 is. The digests of the parts only say where
 * to look.
 *
 * <h2>Locking</h2>
 *
 * All values are immutable.
 */
@NullMarked
package io.strata.blocks;

import org.jspecify.annotations.NullMarked;
