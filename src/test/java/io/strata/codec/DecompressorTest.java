package io.strata.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.strata.natives.SharedLibrary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.X86Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

@DisplayName("A decompressor, against an encoder of another make,")
class DecompressorTest {
  private static final int BLOCK = 128 << 10;

  /** Compresses with something that is not the code under test. */
  @FunctionalInterface
  interface Encoder {
    byte[] encode(byte[] plain) throws Exception;
  }

  record Case(String name, Decompressor decompressor, Encoder encoder) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws CodecException {
    Encoder lzo999 = native999(9, true);
    return Stream.of(
        new Case("gzip", of(Compression.GZIP), DecompressorTest::zlib),
        new Case("lzma", of(Compression.LZMA), DecompressorTest::lzma),
        new Case("lzo", of(Compression.LZO), lzo999),
        new Case("lzo, native", lzoNative(), native999(1, false)),
        new Case("lzo in Java, optimized", new LzoJavaDecompressor(), lzo999),
        new Case("lzo in Java, level 1", new LzoJavaDecompressor(), native999(1, false)),
        new Case("lzo in Java, level 5", new LzoJavaDecompressor(), native999(5, false)),
        new Case("xz", of(Compression.XZ), plain -> xz(plain, false)),
        new Case("xz, x86 filter", xzNative(), plain -> xz(plain, true)),
        new Case("xz in Java", new XzJavaDecompressor(), plain -> xz(plain, true)),
        new Case("lz4", of(Compression.LZ4), DecompressorTest::lz4),
        new Case("lz4 in Java", lz4Java(), DecompressorTest::lz4),
        new Case("zstd", of(Compression.ZSTD), plain -> Zstd.compress(plain, 15)));
  }

  private static Decompressor of(Compression compression) {
    return Decompressors.of(compression);
  }

  private static Decompressor lz4Java() {
    return new Lz4Decompressor(LZ4Factory.safeInstance());
  }

  private static Decompressor lzoNative() throws CodecException {
    return new LzoNativeDecompressor(SharedLibrary.open("liblzo2.so.2"));
  }

  private static Decompressor xzNative() throws CodecException {
    return new XzNativeDecompressor(SharedLibrary.open("liblzma.so.5"));
  }

  private static Encoder native999(int level, boolean optimized) throws CodecException {
    Compressor compressor = Compressors.lzo(level, optimized);
    return plain -> Blocks.compress(compressor, plain, plain.length * 2 + 100);
  }

  private static byte[] zlib(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream deflated = new DeflaterOutputStream(out, new Deflater(9))) {
      deflated.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] lzma(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options();
    options.setDictSize(BLOCK);
    try (OutputStream encoded = new LZMAOutputStream(out, options, plain.length)) {
      encoded.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] xz(byte[] plain, boolean x86) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LZMA2Options lzma2 = new LZMA2Options();
    lzma2.setDictSize(BLOCK);
    var filters =
        x86
            ? new org.tukaani.xz.FilterOptions[] {new X86Options(), lzma2}
            : new org.tukaani.xz.FilterOptions[] {lzma2};
    try (OutputStream encoded = new XZOutputStream(out, filters, XZ.CHECK_CRC32)) {
      encoded.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] lz4(byte[] plain) {
    return LZ4Factory.safeInstance().fastCompressor().compress(plain);
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("gives back what went in, whatever its length and kind")
  void roundTrip(Case c) throws Exception {
    for (int length : new int[] {1, 2, 3, 4, 17, 18, 255, 4096, 8192, 70_001, BLOCK}) {
      for (byte[] plain :
          List.of(new byte[length], Blocks.text(length, length), Blocks.noise(length, length))) {
        byte[] compressed = c.encoder.encode(plain);
        assertArrayEquals(plain, Blocks.decompress(c.decompressor, compressed, BLOCK));
        assertArrayEquals(plain, Blocks.decompress(c.decompressor, compressed, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("reads and writes only its ranges, and leaves positions alone")
  void ranges(Case c) throws Exception {
    byte[] plain = Blocks.text(7, 5000);
    byte[] compressed = c.encoder.encode(plain);
    ByteBuffer source = ByteBuffer.allocateDirect(compressed.length + 30);
    source.put(13, compressed).position(5);
    ByteBuffer target = ByteBuffer.allocateDirect(plain.length + 200);
    for (int i = 0; i < target.capacity(); i++) {
      target.put(i, (byte) 0x5a);
    }
    target.position(3);
    int n = c.decompressor.decompress(source, 13, compressed.length, target, 100, plain.length);
    assertEquals(plain.length, n);
    assertEquals(5, source.position());
    assertEquals(source.capacity(), source.limit());
    assertEquals(3, target.position());
    byte[] all = new byte[target.capacity()];
    target.get(0, all);
    assertArrayEquals(plain, Arrays.copyOfRange(all, 100, 100 + n));
    for (int i = 0; i < 100; i++) {
      assertEquals(0x5a, all[i], "before the range");
      assertEquals(0x5a, all[100 + n + i], "after the range");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("refuses a block that yields more than there is room for")
  void capacity(Case c) throws Exception {
    for (byte[] plain : List.of(Blocks.text(3, 9000), new byte[9000], Blocks.noise(3, 9000))) {
      byte[] compressed = c.encoder.encode(plain);
      for (int capacity : new int[] {0, 1, 100, 8999}) {
        assertThrows(
            CodecException.class,
            () -> Blocks.decompress(c.decompressor, compressed, capacity),
            "room for " + capacity);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("refuses a block that is cut off anywhere")
  void truncated(Case c) throws Exception {
    byte[] plain = Blocks.text(5, 700);
    byte[] compressed = c.encoder.encode(plain);
    for (int length = 0; length < compressed.length; length++) {
      byte[] cut = Arrays.copyOf(compressed, length);
      // An LZ4 block has no end mark: what is left may be a shorter block.
      try {
        byte[] result = Blocks.decompress(c.decompressor, cut, 2000);
        assertTrue(c.name.startsWith("lz4") && result.length < plain.length, "cut at " + length);
      } catch (CodecException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("ends with a result or CodecException on 3,000 mutants, inside its range")
  void mutants(Case c) throws Exception {
    Random random = new Random(20260630);
    byte[] compressed = c.encoder.encode(Blocks.text(11, 3000));
    int capacity = 4096;
    ByteBuffer target = ByteBuffer.allocateDirect(capacity + 512);
    int failures = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] mutant = compressed.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
      }
      try {
        int n =
            c.decompressor.decompress(
                Blocks.direct(mutant), 0, mutant.length, target, 256, capacity);
        assertTrue(n >= 0 && n <= capacity);
      } catch (CodecException e) {
        failures++;
      }
    }
    assertTrue(failures > 0, "no mutant was noticed");
    for (int i = 0; i < 256; i++) {
      assertEquals(0, target.get(i), "before the range");
      assertEquals(0, target.get(256 + capacity + i), "after the range");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("serves several threads at once")
  void threads(Case c) throws Exception {
    byte[] plain = Blocks.text(17, 60_000);
    byte[] compressed = c.encoder.encode(plain);
    Callable<byte[]> job =
        () -> {
          byte[] last = {};
          for (int i = 0; i < 20; i++) {
            last = Blocks.decompress(c.decompressor, compressed, plain.length);
          }
          return last;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<byte[]> result : executor.invokeAll(List.of(job, job, job, job))) {
        assertArrayEquals(plain, result.get());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("does not take a range outside its buffer")
  void outside(Case c) {
    ByteBuffer small = ByteBuffer.allocateDirect(10);
    for (int[] range : new int[][] {{-1, 5}, {0, 11}, {10, 1}, {5, Integer.MAX_VALUE}, {0, -1}}) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> c.decompressor.decompress(small, range[0], range[1], small, 0, 1));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> c.decompressor.decompress(small, 0, 1, small, range[0], range[1]));
    }
  }
}
