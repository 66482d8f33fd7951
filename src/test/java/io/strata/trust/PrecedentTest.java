package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What was accepted before")
class PrecedentTest {
  private static final String A = "0123456789abcdef".repeat(8);
  private static final String B = "f".repeat(128);
  private static final Instant T = Instant.ofEpochSecond(1_782_820_800);
  private final Precedent last =
      new Precedent(
          "20260630",
          Optional.of(T),
          List.of("tip", "20260627", "20260630"),
          Map.of("20260630", A, "20260627", A));

  @Test
  @DisplayName("lets the same index and a newer one pass")
  void pass() {
    assertEquals(Optional.empty(), last.rollback(index(A, T), "guru", "20260630"));
    assertEquals(Optional.empty(), last.rollback(index(B, T.plusSeconds(1)), "guru", "20260701"));
  }

  @Test
  @DisplayName("is newer than an index that was signed earlier, whatever that names")
  void signedEarlier() {
    String why = last.rollback(index(A, T.minusSeconds(1)), "guru", "20260701").orElseThrow();
    assertTrue(why.contains("2026-06-30T11:59:59Z"), why);
  }

  @Test
  @DisplayName("is newer than an older snapshot, by its number or because it was accepted before")
  void older() {
    assertTrue(last.rollback(index(A, T.plusSeconds(1)), "guru", "20260629").isPresent());
    assertTrue(last.rollback(unsigned(A), "guru", "20260629").isPresent());
    assertTrue(last.rollback(unsigned(A), "guru", "tip").isPresent());
    assertEquals(Optional.empty(), last.rollback(unsigned(A), "guru", "top"));
  }

  @Test
  @DisplayName("refuses another digest for any version that was listed, and no others")
  void otherDigest() {
    assertDoesNotThrow(() -> last.checkDigests(unsigned(A), "guru"));
    assertThrows(UntrustedIndexException.class, () -> last.checkDigests(index(B, T), "guru"));
    Index older =
        new Index(Map.of("guru-20260627.sqfs", B), List.of(), List.of(), Optional.empty());
    UntrustedIndexException e =
        assertThrows(UntrustedIndexException.class, () -> last.checkDigests(older, "guru"));
    assertTrue(e.toString().contains("guru-20260627.sqfs"), e.toString());
    Index others =
        new Index(
            Map.of("guru-20260628.sqfs", B, "guru-x-20260627.sqfs", B, "guru-20260627.txt", B),
            List.of(),
            List.of(),
            Optional.empty());
    assertDoesNotThrow(() -> last.checkDigests(others, "guru"));
  }

  @Test
  @DisplayName("compares versions of one shape number by number, and no others")
  void order() {
    assertEquals(OptionalInt.of(-1), VersionOrder.compare("v1.9", "v1.10"));
    assertEquals(OptionalInt.of(1), VersionOrder.compare("20260701", "20260630"));
    assertEquals(OptionalInt.of(0), VersionOrder.compare("1.01", "1.1"));
    String huge = "9".repeat(1 << 22); // takes a minute as a number
    assertEquals(OptionalInt.of(1), VersionOrder.compare(huge, "0" + huge.substring(1)));
    assertEquals(OptionalInt.empty(), VersionOrder.compare("1.1", "1-1"));
    assertEquals(OptionalInt.empty(), VersionOrder.compare("a", "b"));
  }

  private static Index index(String digest, Instant signed) {
    return new Index(
        Map.of("guru-20260630.sqfs", digest),
        List.of(),
        List.of(),
        Optional.of(new IndexSignature(signed, "F", "U")));
  }

  private static Index unsigned(String digest) {
    return new Index(Map.of("guru-20260630.sqfs", digest), List.of(), List.of(), Optional.empty());
  }
}
