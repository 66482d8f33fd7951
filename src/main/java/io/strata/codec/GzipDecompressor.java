package io.strata.codec;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Zlib streams (RFC 1950) through the JDK's own zlib. One inflater per thread. */
final class GzipDecompressor implements Decompressor {
  private final ThreadLocal<Inflater> inflaters = ThreadLocal.withInitial(Inflater::new);

  @Override
  public int decompress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    Inflater inflater = inflaters.get();
    inflater.reset();
    inflater.setInput(source.slice(sourceOffset, sourceLength));
    ByteBuffer output = target.slice(targetOffset, targetCapacity);
    try {
      inflate(inflater, output);
    } catch (DataFormatException e) {
      throw new CodecException(
          "gzip: " + e.getMessage() + " at offset " + inflater.getBytesRead() + " of the block", e);
    }
    if (inflater.getRemaining() > 0) {
      throw new CodecException("gzip: " + inflater.getRemaining() + " bytes after the stream");
    }
    return output.position();
  }

  private static void inflate(Inflater inflater, ByteBuffer output)
      throws DataFormatException, CodecException {
    while (!inflater.finished()) {
      int n = inflater.inflate(output);
      if (n > 0 || inflater.finished()) {
        continue;
      }
      if (inflater.needsDictionary()) {
        throw new CodecException("gzip: the stream wants a preset dictionary");
      }
      if (inflater.needsInput()) {
        throw new CodecException(
            "gzip: the block ends in the middle of the stream, after " + inflater.getBytesRead());
      }
      throw new CodecException("gzip: yields more than " + output.capacity() + " bytes");
    }
  }
}
