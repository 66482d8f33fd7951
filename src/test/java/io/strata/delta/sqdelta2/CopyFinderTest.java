package io.strata.delta.sqdelta2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Copies of old content")
class CopyFinderTest {
  private static byte[] noise(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] joined(byte[]... parts) {
    ByteWriter all = new ByteWriter();
    for (byte[] part : parts) {
      all.bytes(part);
    }
    return all.toByteArray();
  }

  @Test
  @DisplayName("go on over bytes that differ")
  void approximate() {
    byte[] old = noise(1, 10_000);
    byte[] now = old.clone();
    for (int i = 20; i < now.length; i += 20) {
      now[i]++;
    }
    Copies copies = CopyFinder.find(old, now);
    assertEquals(1, copies.count());
    assertEquals(0, copies.at()[0]);
    assertEquals(0, copies.from()[0]);
    assertTrue(copies.length()[0] > 9_990, copies.length()[0] + " bytes");
  }

  @Test
  @DisplayName("leave out what is new between them, and follow what has moved")
  void moved() {
    byte[] first = noise(1, 3_000);
    byte[] second = noise(2, 3_000);
    byte[] now = joined(second, noise(3, 500), first);
    Copies copies = CopyFinder.find(joined(first, second), now);
    assertEquals(2, copies.count());
    assertEquals(3_000, copies.from()[0]);
    assertEquals(0, copies.from()[1]);
    assertTrue(Math.abs(copies.at()[1] - 3_500) < 8, "starts at " + copies.at()[1]);
    assertTrue(Math.abs(copies.total() - 6_000) < 16, copies.total() + " bytes");
  }

  @Test
  @DisplayName("are in order, inside of both sides, and worth it, whatever the bytes are")
  void bounds() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      byte[] old = noise(round, random.nextInt(400));
      byte[] now = noise(-round, random.nextInt(400));
      for (int i = 0; i < 6 && old.length > 0 && now.length > 0; i++) {
        int from = random.nextInt(old.length);
        int at = random.nextInt(now.length);
        int length = random.nextInt(Math.min(old.length - from, now.length - at));
        System.arraycopy(old, from, now, at, length);
      }
      if (round % 7 == 0) {
        Arrays.fill(old, (byte) 0);
        Arrays.fill(now, (byte) (round % 2));
      }
      Copies copies = CopyFinder.find(old, now);
      int end = 0;
      for (int i = 0; i < copies.count(); i++) {
        assertTrue(copies.at()[i] >= end && copies.length()[i] >= 12);
        end = copies.at()[i] + copies.length()[i];
        assertTrue(end <= now.length);
        assertTrue(copies.from()[i] >= 0);
        assertTrue(copies.from()[i] + copies.length()[i] <= old.length);
      }
    }
  }
}
