package io.strata.codec;

import io.strata.codec.natives.Libz;
import io.strata.codec.natives.NativeLibrary;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;

/** Finds where the blocks of deflate (RFC 1951) end. For one thread. */
public final class DeflateBlocks {
  private final Libz library;
  private final ZStream stream;

  private DeflateBlocks(Libz library) {
    this.library = library;
    this.stream = new ZStream(library.zlibVersion());
  }

  /**
   * Loads zlib.
   *
   * @throws CodecException if it is not on this system; the message says what to install
   */
  public static DeflateBlocks load() throws CodecException {
    return new DeflateBlocks(new Libz(NativeLibrary.ZLIB.open()));
  }

  /**
   * How many plain bytes each block has but the last one.
   *
   * @param stored a direct buffer, in which the compressed bytes come first
   * @param length how many these are
   * @param plain a direct buffer with room for the plain bytes, which it gets
   * @throws CodecException if that is not deflate, or there is no room
   */
  public int[] find(ByteBuffer stored, int length, ByteBuffer plain) throws CodecException {
    Direct.check(stored, 0, length);
    Direct.checkTarget(plain, 0, plain.limit());
    stream.clear();
    int result =
        library.inflateInit2_(
            stream.address(), Libz.RAW, stream.versionAddress(), Libz.Z_STREAM_SIZE);
    if (result != Libz.Z_OK) {
      throw new CodecException("gzip: inflateInit2 failed with " + result);
    }
    try {
      stream.input(stored, 0, length);
      stream.output(plain, 0, plain.limit());
      return find();
    } finally {
      library.inflateEnd(stream.address());
      Reference.reachabilityFence(stored);
      Reference.reachabilityFence(plain);
    }
  }

  private int[] find() throws CodecException {
    IntStream.Builder blocks = IntStream.builder();
    int end = 0;
    int result = library.inflate(stream.address(), Libz.Z_BLOCK);
    while (result == Libz.Z_OK) {
      boolean isEnd = (stream.dataType() & Libz.AT_BLOCK_END) != 0;
      boolean isLast = (stream.dataType() & Libz.IN_LAST_BLOCK) != 0;
      if (isEnd && !isLast && stream.written() > end) {
        blocks.add(stream.written() - end);
        end = stream.written();
      }
      result = library.inflate(stream.address(), Libz.Z_BLOCK);
    }
    if (result != Libz.Z_STREAM_END) {
      throw new CodecException("gzip: not inflated (zlib result " + result + ")");
    }
    return blocks.build().toArray();
  }
}
