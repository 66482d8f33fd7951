/**
 * Decompresses one block of a SquashFS image, and compresses it again bit for bit.
 *
 * <p>Terms. <em>Block</em>: at most 1 MiB of bytes that were compressed on their own, a data block,
 * a fragment block or a metadata block. <em>Compression</em>: the algorithm, by the number that a
 * SquashFS superblock gives it. <em>Library</em>: what did the work, by name and version; only the
 * same library of the same kind gives the same compressed bytes.
 *
 * <p>{@link io.strata.codec.Decompressors} takes what is fastest and always there. {@link
 * io.strata.codec.Compressors} takes the system's own libraries, the ones that mksquashfs was
 * linked with: no encoder in Java gives their bytes.
 *
 * <p>Locking: none. Every {@link io.strata.codec.Decompressor} and {@link
 * io.strata.codec.Compressor} may be used by any number of threads at once; what they need to
 * remember between two calls they keep per thread.
 *
 * <p>Sources: the kernel's fs/squashfs/*_wrapper.c for what a block of each compression is; RFC
 * 1950 (zlib), RFC 8878 (zstd), the LZ4 block format, the .xz and .lzma file formats, and the
 * kernel's Documentation/staging/lzo.rst.
 */
@NullMarked
package io.strata.codec;

import org.jspecify.annotations.NullMarked;
