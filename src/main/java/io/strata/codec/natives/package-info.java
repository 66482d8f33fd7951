/**
 * The C libraries that made the images: nothing but their own functions, by the names of the
 * headers.
 *
 * <p>Pointers and {@code size_t} are {@code long}; the systems served are 64-bit. All are called
 * through {@link io.strata.natives}, which is there at once.
 *
 * <p>Sources: lzo1x.h, lz4.h, lz4hc.h, zlib.h, lzma/container.h, lzma/lzma12.h, zstd.h.
 */
@NullMarked
package io.strata.codec.natives;

import org.jspecify.annotations.NullMarked;
