package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressors;
import io.strata.codec.DeflateBlocks;
import io.strata.codec.DeflateCompressor;
import io.strata.delta.DeltaException;
import io.strata.delta.RecompressionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Deflates members again, with zlib. For one thread.
 *
 * <p>GNU gzip ends blocks where it guesses that another one will be better, zlib does not: what
 * gzip made comes back where the ends of its blocks are said.
 */
final class Deflation {
  /** Levels and memory levels: those of {@code gzip -9} and {@code gzip}, and of zlib itself. */
  private static final int[][] WAYS = {{9, 9}, {6, 9}, {9, 8}, {6, 8}};

  /** How many ways there are. */
  static final int COUNT = WAYS.length;

  /** zlib takes a full buffer for one that is too small. */
  private static final int SPARE = 16;

  private static final int[] NO_BLOCKS = {};

  private final @Nullable DeflateCompressor[] compressors = new DeflateCompressor[COUNT];
  private @Nullable DeflateBlocks ends;
  private ByteBuffer plain = ByteBuffer.allocateDirect(1 << 16);
  private ByteBuffer stored = ByteBuffer.allocateDirect(1 << 16);

  /**
   * How a member is made.
   *
   * @param number of the levels, 0 to {@link #COUNT}, exclusive
   * @param blocks bytes inflated of each block whose end is said
   */
  record Way(int number, int[] blocks) {}

  /** Loads the library when levels are wanted first. */
  private DeflateCompressor compressor(int number) throws CodecException {
    DeflateCompressor loaded = compressors[number];
    if (loaded == null) {
      loaded = Compressors.deflate(WAYS[number][0], WAYS[number][1]);
      compressors[number] = loaded;
    }
    return loaded;
  }

  /** The way that makes {@code length} bytes at {@code at} of an inflated member; null if none. */
  @Nullable Way find(byte[] inflated, byte[] content, int at, int length) throws DeltaException {
    try {
      int[] blocks = blocks(content, at, length, inflated.length);
      for (int i = 0; i < COUNT; i++) {
        if (makes(new Way(i, NO_BLOCKS), inflated, content, at, length)) {
          return new Way(i, NO_BLOCKS);
        }
        if (blocks.length > 0 && makes(new Way(i, blocks), inflated, content, at, length)) {
          return new Way(i, blocks);
        }
      }
    } catch (CodecException _) {
      // zlib is not there: then it can't be used to apply the delta either
    }
    return null;
  }

  private boolean makes(Way way, byte[] inflated, byte[] content, int at, int length)
      throws DeltaException {
    try {
      int n = run(way, inflated, 0, inflated.length, length);
      return n == length && stored.equals(ByteBuffer.wrap(content, at, length));
    } catch (CodecException _) {
      return false; // longer: another way may do
    }
  }

  private int[] blocks(byte[] content, int at, int length, int plainLength)
      throws CodecException, DeltaException {
    DeflateBlocks loaded = ends;
    if (loaded == null) {
      loaded = DeflateBlocks.load();
      ends = loaded;
    }
    makeRoom(plainLength, length);
    return loaded.find(stored.clear().put(0, content, at, length), length, plain.clear());
  }

  /**
   * Deflates one member.
   *
   * @param length of what must come of it
   */
  void deflate(Way way, byte[] from, int at, int plainLength, byte[] into, int to, int length)
      throws DeltaException {
    String result;
    String library = "libz";
    try {
      library = compressor(way.number()).library();
      int n = run(way, from, at, plainLength, length);
      if (n == length) {
        stored.get(0, into, to, n);
        return;
      }
      result = Integer.toString(n);
    } catch (CodecException e) {
      result = "nothing (" + e.getMessage() + ")";
    }
    throw new RecompressionException(
        "a member of %d bytes: %s deflates it to %s, the image has %d: fetch the image"
            .formatted(plainLength, library, result, length),
        0,
        library);
  }

  private int run(Way way, byte[] bytes, int at, int plainLength, int length)
      throws CodecException {
    makeRoom(plainLength, length);
    plain.put(0, bytes, at, plainLength);
    DeflateCompressor compressor = compressor(way.number());
    int n =
        compressor.compress(plain, plainLength, way.blocks(), stored.clear().limit(length + SPARE));
    stored.limit(n);
    return n;
  }

  private void makeRoom(int plainLength, int length) {
    if (plain.capacity() < plainLength) {
      plain = ByteBuffer.allocateDirect(plainLength);
    }
    if (stored.capacity() < length + SPARE) {
      stored = ByteBuffer.allocateDirect(length + SPARE);
    }
  }
}
