package io.strata.squashfs;

import io.strata.codec.Compression;
import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What the compressor was told, which stands behind the superblock unless it was nothing.
 *
 * <p>Source: {@code struct gzip_comp_opts} and its kin of squashfs-tools, with the names of their
 * fields.
 */
final class CompressorOptions {
  /** In the header of a metadata block: it is stored as it is, as this one always is. */
  private static final int SQUASHFS_COMPRESSED_BIT = 1 << 15;

  private static final int LONGEST = 8;

  private CompressorOptions() {}

  /** The options by their names, in the order of the format; empty if there are none. */
  static SequencedMap<String, Integer> read(ImageFile file, Superblock superblock)
      throws IOException {
    SequencedMap<String, Integer> options = new LinkedHashMap<>();
    if ((superblock.flags() & Superblock.SQUASHFS_COMP_OPT) == 0) {
      return options;
    }
    int length = superblock.compression() == Compression.ZSTD ? Integer.BYTES : LONGEST;
    NativeBuffer buffer = NativeBuffer.allocate(Short.BYTES + LONGEST);
    file.readFully(Superblock.SIZE, Short.BYTES + length, buffer, 0);
    int header = Short.toUnsignedInt(buffer.bytes().getShort(0));
    if (header < (SQUASHFS_COMPRESSED_BIT | length)) { // there may be more than is known here
      String problem = "compressor options with the header 0x%04x".formatted(header);
      throw file.corrupt("compressor options", Superblock.SIZE, problem);
    }
    fill(options, superblock.compression(), buffer.bytes());
    return options;
  }

  private static void fill(Map<String, Integer> options, Compression compression, ByteBuffer at) {
    switch (compression) {
      case GZIP -> {
        options.put("compression-level", at.getInt(2));
        options.put("window-size", (int) at.getShort(6));
        options.put("strategy", (int) at.getShort(8));
      }
      case LZO -> {
        options.put("algorithm", at.getInt(2));
        options.put("compression-level", at.getInt(6));
      }
      case XZ -> {
        options.put("dictionary-size", at.getInt(2));
        options.put("flags", at.getInt(6));
      }
      case LZ4 -> {
        options.put("version", at.getInt(2));
        options.put("flags", at.getInt(6));
      }
      case ZSTD -> options.put("compression-level", at.getInt(2));
      case LZMA -> {} // has none
    }
  }
}
