package io.strata.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Decompresses a block with a decoder that knows only streams, by way of the heap. */
final class StreamBlocks {
  private static final int CHUNK = 8192;

  /** Opens a decoding stream over a compressed one. */
  @FunctionalInterface
  interface Opener {
    InputStream open(InputStream compressed) throws IOException;
  }

  private final String name;
  private final Opener opener;

  StreamBlocks(String name, Opener opener) {
    this.name = name;
    this.opener = opener;
  }

  int decompress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    byte[] compressed = new byte[sourceLength];
    source.get(sourceOffset, compressed);
    ByteArrayInputStream input = new ByteArrayInputStream(compressed);
    try (InputStream decoded = opener.open(input)) {
      int written = copy(decoded, target, targetOffset, targetCapacity);
      if (input.available() > 0) {
        throw new CodecException(
            name + ": bytes after the stream, at offset " + (sourceLength - input.available()));
      }
      return written;
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      int at = sourceLength - input.available();
      throw new CodecException(name + ": " + why + ", at offset " + at, e);
    }
  }

  private int copy(InputStream decoded, ByteBuffer target, int offset, int capacity)
      throws IOException, CodecException {
    byte[] chunk = new byte[CHUNK];
    int written = 0;
    for (int n = decoded.read(chunk); n >= 0; n = decoded.read(chunk)) {
      if (n > capacity - written) {
        throw new CodecException(name + ": yields more than " + capacity + " bytes");
      }
      target.put(offset + written, chunk, 0, n);
      written += n;
    }
    return written;
  }
}
