package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a delta says about itself")
class DeltaInfoTest {
  @TempDir Path directory;

  @Test
  @DisplayName("is read without applying it: upstream's guru delta")
  void guru() throws Exception {
    Path delta = TestData.shared("mirror").resolve("guru-20260627-20260630.sqdelta");
    DeltaInfo info = DeltaInfo.read(delta);
    assertEquals(209_375, info.length());
    assertEquals(new SqdeltaCompression.Lzo(8, true), info.compression());
    assertEquals(104, info.sourceBlocks());
    assertEquals(6_691_791, info.sourceBlocksUncompressed());
    assertEquals(209_375 - 16 - 104 * 12, info.patchLength());
    assertEquals(3, info.windows()); // as xdelta3 printhdrs says, and the lengths below
    assertEquals(156_307 + 21_068_722, info.expandedSourceLength());
    assertEquals(8_388_608 + 8_388_608 + 4_476_172, info.expandedTargetLength());
  }

  @Test
  @DisplayName("is refused with the file's name where it is no delta")
  void noDelta() throws Exception {
    Path file = Files.writeString(directory.resolve("text"), "this is not a delta at all");
    DeltaException e = assertThrows(DeltaException.class, () -> DeltaInfo.read(file));
    assertTrue(
        String.valueOf(e.getMessage()).startsWith(file + ": not an .sqdelta header"), e.toString());
  }
}
