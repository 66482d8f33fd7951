package io.strata.delta.sqdelta2;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictContentType;
import com.github.luben.zstd.ZstdException;
import io.strata.delta.DeltaException;

/**
 * Zstandard frames (RFC 8878) without their magic number, content size and checksum, with any bytes
 * as dictionary.
 *
 * <p>The library that comes with the program does it: the payload does not depend on what the
 * system has.
 */
final class Zstandard {
  private static final int LEVEL = 22;

  /** For little that has a dictionary: to take that in would last longer than all the rest. */
  private static final int QUICK_LEVEL = 9;

  private static final int LITTLE = 1 << 15;

  private Zstandard() {}

  /** Compresses as well as can be. */
  static byte[] compress(byte[] plain, byte[] dictionary) {
    return compress(plain, dictionary, LEVEL);
  }

  /** The same, but less well for little that has a large dictionary. */
  static byte[] compressQuickly(byte[] plain, byte[] dictionary) {
    boolean little = plain.length < LITTLE && dictionary.length > LITTLE;
    return compress(plain, dictionary, little ? QUICK_LEVEL : LEVEL);
  }

  private static byte[] compress(byte[] plain, byte[] dictionary, int level) {
    try (ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(level).setMagicless(true).setContentSize(false).setChecksum(false);
      context.setDictID(false);
      if (dictionary.length > 0) {
        context.loadDict(dictionary, ZstdDictContentType.RAW_CONTENT);
      }
      return context.compress(plain);
    }
  }

  /**
   * Decompresses one frame.
   *
   * @param plainLength how many bytes it must yield; the caller has checked that it may
   * @throws DeltaException if it does not, or is malformed
   */
  static byte[] decompress(String name, byte[] stored, int plainLength, byte[] dictionary)
      throws DeltaException {
    byte[] plain = new byte[plainLength];
    try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
      context.setMagicless(true);
      if (dictionary.length > 0) {
        context.loadDict(dictionary, ZstdDictContentType.RAW_CONTENT);
      }
      int length = context.decompressByteArray(plain, 0, plain.length, stored, 0, stored.length);
      if (length != plainLength) {
        throw new DeltaException(name + ": yields " + length + " bytes instead of " + plainLength);
      }
      return plain;
    } catch (ZstdException e) {
      throw new DeltaException(name + ": " + e.getMessage(), e);
    }
  }
}
