package io.strata.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that may be a compressed block; the first one says of which compression. */
@DisplayName("Whatever bytes are said to be a compressed block")
class DecompressorFuzzTest {
  private static final int CAPACITY = 8192;
  private static final byte GUARD = 0x5a;

  private final Decompressor[] decompressors =
      Stream.of(Compression.values()).map(Decompressors::of).toArray(Decompressor[]::new);

  static Stream<Arguments> blocks() {
    return Stream.of(
            new byte[] {0, 0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1}, // an empty zlib stream
            new byte[] {2, 18, 'x', 32, 0, 0, 17, 0, 0},
            new byte[] {4, 0x1f, 'x', 1, 0, 0, 0x50, 1, 2, 3, 4, 5},
            new byte[] {5, 0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x20, 1, 9, 0, 0, 'x'})
        .map(bytes -> Arguments.of((Object) bytes));
  }

  @MethodSource("blocks")
  @FuzzTest
  void block(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    int number = (bytes[0] & 0xff) % decompressors.length;
    byte[] stored = Arrays.copyOfRange(bytes, 1, bytes.length);
    byte[] result = decompress(decompressors[number], stored);
    if (Compression.values()[number] == Compression.LZO) {
      assertEquals(text(decompress(new LzoJavaDecompressor(), stored)), text(result));
    }
  }

  private static String text(byte[] bytes) {
    return Arrays.toString(bytes);
  }

  /** What it yields; a single byte of {@link #GUARD} if it is refused. */
  private static byte[] decompress(Decompressor decompressor, byte[] stored) {
    ByteBuffer source = ByteBuffer.allocateDirect(stored.length).put(0, stored);
    ByteBuffer target = ByteBuffer.allocateDirect(CAPACITY + 16);
    for (int i = CAPACITY; i < target.capacity(); i++) {
      target.put(i, GUARD);
    }
    byte[] result;
    try {
      int length = decompressor.decompress(source, 0, stored.length, target, 0, CAPACITY);
      assertTrue(length >= 0 && length <= CAPACITY, "length " + length);
      result = new byte[length];
      target.get(0, result);
    } catch (CodecException e) {
      result = new byte[] {GUARD};
    }
    for (int i = CAPACITY; i < target.capacity(); i++) {
      assertEquals(GUARD, target.get(i), "bytes behind the target");
    }
    return result;
  }
}
