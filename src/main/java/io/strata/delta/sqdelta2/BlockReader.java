package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Decompressor;
import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads bytes and blocks of an image. For one thread. */
final class BlockReader {
  private final FileChannel image;
  private final Decompressor decompressor;
  private ByteBuffer stored = ByteBuffer.allocateDirect(1 << 16);
  private ByteBuffer plain = ByteBuffer.allocateDirect(1 << 16);

  BlockReader(FileChannel image, Decompressor decompressor) {
    this.image = image;
    this.decompressor = decompressor;
  }

  /** Bytes of the image as they are. */
  byte[] bytes(long offset, int length) throws IOException, DeltaException {
    return bytes(image, offset, length);
  }

  /** Bytes of a file as they are. */
  static byte[] bytes(FileChannel file, long offset, int length)
      throws IOException, DeltaException {
    byte[] bytes = new byte[length];
    read(file, offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** The stored bytes of a block, from index 0 of a direct buffer on; good until the next call. */
  ByteBuffer stored(long offset, int length) throws IOException, DeltaException {
    if (stored.capacity() < length) {
      stored = ByteBuffer.allocateDirect(length);
    }
    read(image, offset, stored.clear().limit(length));
    return stored.flip();
  }

  /**
   * The content of a block, from index 0 of a direct buffer to its limit; good until the next call.
   *
   * @param most how long it may be uncompressed
   * @throws DeltaException if the block does not decompress
   */
  ByteBuffer plain(long offset, int length, boolean uncompressed, int most)
      throws IOException, DeltaException {
    ByteBuffer source = stored(offset, length);
    if (uncompressed) {
      return source;
    }
    if (plain.capacity() < most) {
      plain = ByteBuffer.allocateDirect(most);
    }
    plain.clear();
    try {
      return plain.limit(decompressor.decompress(source, 0, length, plain, 0, most));
    } catch (CodecException e) {
      throw new DeltaException("the block at offset " + offset + ": " + e.getMessage(), e);
    }
  }

  private static void read(FileChannel file, long offset, ByteBuffer target)
      throws IOException, DeltaException {
    long at = offset;
    while (target.hasRemaining()) {
      int n = at < 0 ? -1 : file.read(target, at);
      if (n < 0) {
        throw new DeltaException("the image ends before offset " + at);
      }
      at += n;
    }
  }
}
