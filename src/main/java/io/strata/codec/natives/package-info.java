/**
 * The C libraries that made the images, as jnr-ffi sees them: nothing but their own signatures.
 *
 * <p>Pointers and {@code size_t} are {@code long}, so that jnr-ffi can generate stubs without
 * marshalling; the systems served are 64-bit. Names are those of the headers. The interfaces are
 * public only because jnr-ffi generates their implementations in another class loader.
 *
 * <p>Sources: lzo1x.h, lz4.h, lz4hc.h, zlib.h, lzma/container.h, lzma/lzma12.h, zstd.h.
 */
@NullMarked
package io.strata.codec.natives;

import org.jspecify.annotations.NullMarked;
