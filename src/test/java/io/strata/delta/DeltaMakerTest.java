package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A delta of our own making")
class DeltaMakerTest {
  @TempDir Path directory;

  @Test
  @DisplayName("of the guru pair is not larger than upstream's, and gives the image back")
  void guru() throws Exception {
    Path mirror = TestData.shared("mirror");
    Path from = mirror.resolve("guru-20260627.sqfs");
    Path to = mirror.resolve("guru-20260630.sqfs");
    Path delta = directory.resolve("guru.sqdelta");
    DeltaMaker.Result result = new DeltaMaker().make(from, to, delta, ProgressListener.NONE);
    Path out = directory.resolve("out.sqfs");
    new DeltaApplier().apply(from, delta, out, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(to, out));
    long upstream = Files.size(mirror.resolve("guru-20260627-20260630.sqdelta"));
    assertTrue(Files.size(delta) <= upstream, result.toString());
    assertEquals(0, result.irreproducible());
  }
}
