package io.strata.squashfs;

import io.strata.codec.CodecException;
import io.strata.codec.Decompressor;
import io.strata.posix.NativeBuffer;
import java.io.IOException;

/** Reads and decodes metadata blocks, without a cache. Thread-safe. */
final class MetadataReader {
  private static final int SIZE = MetadataBlock.SQUASHFS_METADATA_SIZE;

  private final ImageFile file;
  private final Decompressor decompressor;
  private final ThreadLocal<NativeBuffer> buffers =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(MetadataBlock.HEADER_SIZE + SIZE + SIZE));

  MetadataReader(ImageFile file, Decompressor decompressor) {
    this.file = file;
    this.decompressor = decompressor;
  }

  /**
   * Decodes the block whose header lies at {@code position}.
   *
   * @param end where the table ends that the block must lie in
   */
  MetadataBlock read(String table, long position, long end) throws IOException {
    long room = end - position;
    if (position < Superblock.SIZE || room <= MetadataBlock.HEADER_SIZE) {
      throw file.corrupt(table, position, "a metadata block outside of its table");
    }
    NativeBuffer buffer = buffers.get();
    int wanted = (int) Math.min(room, MetadataBlock.HEADER_SIZE + SIZE);
    int got = file.readUpTo(position, wanted, buffer, 0);
    if (got < MetadataBlock.HEADER_SIZE) {
      throw file.corrupt(table, position, "the file ends in front of a metadata block");
    }
    int header = Short.toUnsignedInt(buffer.bytes().getShort(0));
    int stored = header & ~MetadataBlock.SQUASHFS_COMPRESSED_BIT;
    if (stored == 0 || stored > got - MetadataBlock.HEADER_SIZE) {
      throw file.corrupt(table, position, "a metadata block of " + stored + " stored bytes");
    }
    byte[] bytes = decode(table, position, buffer, header, stored);
    return new MetadataBlock(position, bytes, position + MetadataBlock.HEADER_SIZE + stored);
  }

  private byte[] decode(String table, long position, NativeBuffer buffer, int header, int stored)
      throws CorruptImageException {
    if ((header & MetadataBlock.SQUASHFS_COMPRESSED_BIT) != 0) {
      return copy(buffer, MetadataBlock.HEADER_SIZE, stored);
    }
    int target = MetadataBlock.HEADER_SIZE + SIZE;
    try {
      int length =
          decompressor.decompress(
              buffer.bytes(), MetadataBlock.HEADER_SIZE, stored, buffer.bytes(), target, SIZE);
      if (length == 0) {
        throw file.corrupt(table, position, "an empty metadata block");
      }
      return copy(buffer, target, length);
    } catch (CodecException e) {
      throw file.corrupt(table, position, "a metadata block: " + e.getMessage());
    }
  }

  private static byte[] copy(NativeBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.bytes().get(offset, bytes);
    return bytes;
  }
}
