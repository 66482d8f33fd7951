package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Deltas that upstream made")
class SharedDeltaTest {
  @TempDir Path directory;

  private final DeltaApplier applier = new DeltaApplier();

  @Test
  @DisplayName("bring guru from 27th to 30th June bit for bit")
  void guru() throws Exception {
    Path mirror = TestData.shared("mirror");
    Path target = directory.resolve("guru.sqfs");
    applier.apply(
        mirror.resolve("guru-20260627.sqfs"),
        mirror.resolve("guru-20260627-20260630.sqdelta"),
        target,
        ProgressListener.NONE);
    assertEquals(sha512(mirror.resolve("guru-20260630.sqfs")), sha512(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-sqfs-lz4", "01-sqfs-lzo1", "01-sqfs-lzo9"})
  @DisplayName("of squashmerge's own suite come out bit for bit")
  void vectors(String name) throws Exception {
    Path vectors = TestData.shared("squashmerge-vectors");
    Path target = directory.resolve(name);
    applier.apply(
        vectors.resolve(name + ".in"),
        vectors.resolve(name + ".sqdelta"),
        target,
        ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(vectors.resolve(name + ".out"), target));
  }

  @Test
  @DisplayName("for an LZ4HC of 2014 fail, with block, library and version, and leave nothing")
  void lz4hcOf2014() throws Exception {
    Path vectors = TestData.shared("squashmerge-vectors");
    RecompressionException e =
        assertThrows(
            RecompressionException.class,
            () ->
                applier.apply(
                    vectors.resolve("01-sqfs-lz4hc.in"),
                    vectors.resolve("01-sqfs-lz4hc.sqdelta"),
                    directory.resolve("out"),
                    ProgressListener.NONE));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.matches("(?s).*block " + e.block() + " of \\d+ at offset \\d+.*"), message);
    assertTrue(message.matches("(?s).*liblz4 1\\.\\d+\\.\\d+.*"), message);
    assertTrue(message.contains("01-sqfs-lz4hc.sqdelta"), message);
    assertEmpty();
  }

  private void assertEmpty() throws IOException {
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  private static String sha512(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-512");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }
}
