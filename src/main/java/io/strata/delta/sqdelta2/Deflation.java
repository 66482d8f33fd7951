package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import io.strata.codec.Compressors;
import io.strata.delta.DeltaException;
import io.strata.delta.RecompressionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Deflates members again, with zlib in one of four ways. For one thread. */
final class Deflation {
  /** Levels and memory levels: those of {@code gzip -9} and {@code gzip}, and of zlib itself. */
  private static final int[][] WAYS = {{9, 9}, {6, 9}, {9, 8}, {6, 8}};

  /** How many ways there are. */
  static final int COUNT = WAYS.length;

  /** zlib takes a full buffer for one that is too small. */
  private static final int SPARE = 16;

  private final @Nullable Compressor[] compressors = new Compressor[COUNT];
  private ByteBuffer plain = ByteBuffer.allocateDirect(1 << 16);
  private ByteBuffer stored = ByteBuffer.allocateDirect(1 << 16);

  /** Loads the library when a way is wanted first: that takes tens of milliseconds. */
  private Compressor way(int number) throws CodecException {
    Compressor loaded = compressors[number];
    if (loaded == null) {
      loaded = Compressors.deflate(WAYS[number][0], WAYS[number][1]);
      compressors[number] = loaded;
    }
    return loaded;
  }

  /** The way that makes {@code length} bytes at {@code at} of an inflated member; -1 if none. */
  int find(byte[] inflated, byte[] content, int at, int length) throws DeltaException {
    for (int i = 0; i < COUNT; i++) {
      try {
        int n = run(i, inflated, 0, inflated.length, length);
        if (n == length && stored.equals(ByteBuffer.wrap(content, at, length))) {
          return i;
        }
      } catch (CodecException _) {
        // longer: another way may do
      }
    }
    return -1;
  }

  /**
   * Deflates one member.
   *
   * @param how the number of the way
   * @param length of what must come of it
   */
  void deflate(int how, byte[] from, int at, int plainLength, byte[] into, int to, int length)
      throws DeltaException {
    String result;
    String library = "libz";
    try {
      library = way(how).library();
      int n = run(how, from, at, plainLength, length);
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

  private int run(int way, byte[] bytes, int at, int plainLength, int length)
      throws CodecException {
    if (plain.capacity() < plainLength) {
      plain = ByteBuffer.allocateDirect(plainLength);
    }
    int room = length + SPARE;
    if (stored.capacity() < room) {
      stored = ByteBuffer.allocateDirect(room);
    }
    plain.put(0, bytes, at, plainLength);
    int n = way(way).compress(plain, 0, plainLength, stored.clear(), 0, room);
    stored.limit(n);
    return n;
  }
}
