package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.delta.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An .sqdelta2 of real images")
class SharedSqdelta2Test {
  @TempDir Path directory;

  @Test
  @DisplayName("brings guru from 27th to 30th June bit for bit with at most 35 kB")
  void guru() throws Exception {
    Path mirror = TestData.shared("mirror");
    Path from = mirror.resolve("guru-20260627.sqfs");
    Path to = mirror.resolve("guru-20260630.sqfs");
    Path delta = directory.resolve("guru.sqdelta2");
    Sqdelta2Maker.Result result = new Sqdelta2Maker().make(from, to, delta, ProgressListener.NONE);
    Path out = directory.resolve("guru.sqfs");
    new Sqdelta2Applier().apply(from, delta, out, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(to, out));
    assertTrue(result.modelled(), result.toString());
    assertTrue(result.length() <= 35_000, result.toString());
  }
}
