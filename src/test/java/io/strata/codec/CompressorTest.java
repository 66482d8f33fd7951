package io.strata.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A compressor of the system's libraries")
class CompressorTest {
  record Case(String name, Compressor compressor, Decompressor decompressor, String library) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws CodecException {
    Decompressor lzo = Decompressors.of(Compression.LZO);
    Decompressor lz4 = Decompressors.of(Compression.LZ4);
    return Stream.of(
        new Case("lzo 1", Compressors.lzo(1, false), lzo, "liblzo2 "),
        new Case("lzo 9", Compressors.lzo(9, false), lzo, "liblzo2 "),
        new Case("lzo 9 optimized", Compressors.lzo(9, true), lzo, "liblzo2 "),
        new Case("lz4", Compressors.lz4(), lz4, "liblz4 "),
        new Case("lz4hc 9", Compressors.lz4hc(9), lz4, "liblz4 "),
        new Case("lz4hc 12", Compressors.lz4hc(12), lz4, "liblz4 "),
        new Case("gzip", Compressors.gzip(9, 15, 0), Decompressors.of(Compression.GZIP), "libz "),
        new Case("xz", Compressors.xz(1 << 17), Decompressors.of(Compression.XZ), "liblzma "),
        new Case(
            "xz, x86", Compressors.xz(1 << 17, 1), Decompressors.of(Compression.XZ), "liblzma "),
        new Case("zstd", Compressors.zstd(15), Decompressors.of(Compression.ZSTD), "libzstd "));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("makes what its decompressor reads, and says its library and version")
  void roundTrip(Case c) throws CodecException {
    for (int length : new int[] {1, 2, 100, 8192, 131_072, 1 << 20}) {
      for (byte[] plain : List.of(new byte[length], Blocks.text(length, length))) {
        byte[] compressed = Blocks.compress(c.compressor, plain, length + length / 16 + 200);
        assertArrayEquals(plain, Blocks.decompress(c.decompressor, compressed, length));
      }
    }
    assertTrue(c.compressor.library().matches(c.library + "[0-9.]+"), c.compressor.library());
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("refuses when the result does not fit")
  void capacity(Case c) {
    byte[] noise = Blocks.noise(1, 8192);
    for (int capacity : new int[] {0, 1, 4000, 8191}) {
      assertThrows(CodecException.class, () -> Blocks.compress(c.compressor, noise, capacity));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("gives the same bytes on every thread")
  void threads(Case c) throws Exception {
    byte[] plain = Blocks.text(21, 50_000);
    byte[] expected = Blocks.compress(c.compressor, plain, 60_000);
    Callable<byte[]> job =
        () -> {
          byte[] last = {};
          for (int i = 0; i < 5; i++) {
            last = Blocks.compress(c.compressor, plain, 60_000);
          }
          return last;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<byte[]> result : executor.invokeAll(List.of(job, job, job, job))) {
        assertArrayEquals(expected, result.get());
      }
    }
  }

  @Test
  @DisplayName("for gzip gives zlib's own bytes")
  void gzipIsZlib() throws Exception {
    byte[] plain = Blocks.text(2, 40_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var deflated = new DeflaterOutputStream(out, new Deflater(9))) {
      deflated.write(plain);
    }
    assertArrayEquals(
        out.toByteArray(), Blocks.compress(Compressors.gzip(9, 15, 0), plain, 50_000));
  }

  @Test
  @DisplayName("takes no level that its library does not have")
  void levels() {
    assertThrows(IllegalArgumentException.class, () -> Compressors.lzo(0, true));
    assertThrows(IllegalArgumentException.class, () -> Compressors.lzo(10, true));
    assertThrows(IllegalArgumentException.class, () -> Compressors.lz4hc(13));
    assertThrows(IllegalArgumentException.class, () -> Compressors.zstd(23));
  }

  @Test
  @DisplayName("has the numbers of SquashFS")
  void ids() throws CodecException {
    assertEquals(Compression.GZIP, Compression.ofId(1));
    assertEquals(Compression.ZSTD, Compression.ofId(6));
    for (Compression compression : Compression.values()) {
      assertEquals(compression, Compression.ofId(compression.id()));
    }
    assertThrows(CodecException.class, () -> Compression.ofId(0));
    assertThrows(CodecException.class, () -> Compression.ofId(7));
  }
}
