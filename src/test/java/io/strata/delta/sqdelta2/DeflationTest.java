package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.delta.RecompressionException;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Deflation")
class DeflationTest {
  private static final int HEADER = 10;
  private static final int TRAILER = 8;
  private static final byte[] LOG = SmallTrees.log(2000);

  /** What the system's gzip makes of bytes, without header and trailer. */
  private static byte[] gnuGzip(byte[] plain, String level) throws Exception {
    byte[] file = SmallTrees.gnuGzip(plain, level);
    return Arrays.copyOfRange(file, HEADER, file.length - TRAILER);
  }

  private static byte[] again(Deflation.Way way, byte[] plain, int length) throws Exception {
    byte[] again = new byte[length];
    new Deflation().deflate(way, plain, 0, plain.length, again, 0, length);
    return again;
  }

  @ParameterizedTest
  @CsvSource({"-9, 0 2", "-6, 1 3"})
  @DisplayName("gives back what GNU gzip made, if it is said where the blocks end")
  void gnu(String level, String numbers) throws Exception {
    byte[] stored = gnuGzip(LOG, level);
    Deflation.Way way = new Deflation().find(LOG, stored, 0, stored.length);
    assertNotNull(way);
    assertTrue(numbers.contains(Integer.toString(way.number())), "way " + way.number());
    assertTrue(way.blocks().length > 1, "blocks: " + Arrays.toString(way.blocks()));
    assertArrayEquals(stored, again(way, LOG, stored.length));
  }

  @Test
  @DisplayName("is told of no block's end where zlib puts it there by itself")
  void ownBlocks() throws Exception {
    byte[] plain = SmallTrees.words(1, 300_000);
    byte[] stored = gnuGzip(plain, "-9");
    Deflation.Way way = new Deflation().find(plain, stored, 0, stored.length);
    assertNotNull(way);
    assertEquals(0, way.blocks().length);
    assertArrayEquals(stored, again(way, plain, stored.length));
  }

  @Test
  @DisplayName("does not give back what is made at another level")
  void otherLevel() throws Exception {
    Deflater deflater = new Deflater(2, true);
    deflater.setInput(LOG);
    deflater.finish();
    byte[] stored = new byte[LOG.length];
    int length = deflater.deflate(stored);
    deflater.end();
    assertNull(new Deflation().find(LOG, stored, 0, length));
  }

  @Test
  @DisplayName("fails where something else comes of it")
  void otherBlocks() throws Exception {
    byte[] stored = gnuGzip(LOG, "-9");
    Deflation.Way way = new Deflation.Way(0, new int[] {LOG.length - 1, 1});
    assertThrows(RecompressionException.class, () -> again(way, LOG, stored.length));
    Deflation.Way many = new Deflation.Way(0, new int[LOG.length]);
    Arrays.fill(many.blocks(), 1);
    assertThrows(RecompressionException.class, () -> again(many, LOG, stored.length));
  }
}
