package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Decompressor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads and decompresses single blocks of an image. For one thread. */
final class BlockFile {
  private final FileChannel image;
  private final Decompressor decompressor;
  private ByteBuffer compressed = ByteBuffer.allocateDirect(1 << 16);

  BlockFile(FileChannel image, Decompressor decompressor) {
    this.image = image;
    this.decompressor = decompressor;
  }

  /**
   * Decompresses a block to the start of {@code target}, which is direct.
   *
   * @param capacity the most bytes that it may yield
   * @return how many it yields
   */
  int decompress(long offset, int length, ByteBuffer target, int capacity)
      throws IOException, CodecException {
    read(offset, length);
    return decompressor.decompress(compressed, 0, length, target, 0, capacity);
  }

  /** The bytes of the last block as they are in the image, from index 0 on. */
  ByteBuffer compressed() {
    return compressed;
  }

  private void read(long offset, int length) throws IOException {
    if (compressed.capacity() < length) {
      compressed = ByteBuffer.allocateDirect(Math.max(length, compressed.capacity() * 2));
    }
    readFully(image, offset, compressed.clear().limit(length));
  }

  /** Fills {@code target} to its limit from {@code offset} on. */
  static void readFully(FileChannel file, long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      int n = file.read(target, at);
      if (n < 0) {
        throw new EOFException("the file ends at " + at);
      }
      at += n;
    }
  }
}
