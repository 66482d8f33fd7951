package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Freshness")
class FreshnessTest {
  private static final String A = "0123456789abcdef".repeat(8);
  private static final String B = "f".repeat(128);
  private static final Instant T = Instant.ofEpochSecond(1_782_820_800);
  private final Freshness last =
      new Freshness("20260630", A, Optional.of(T), List.of("tip", "20260627", "20260630"));

  @Test
  @DisplayName("lets the same index and a newer one pass")
  void pass() {
    assertDoesNotThrow(() -> last.check(index(A, T), "guru", "20260630"));
    assertDoesNotThrow(() -> last.check(index(B, T.plusSeconds(1)), "guru", "20260701"));
  }

  @Test
  @DisplayName("refuses an index that was signed earlier, whatever it names")
  void signedEarlier() {
    assertThrows(
        UntrustedIndexException.class,
        () -> last.check(index(A, T.minusSeconds(1)), "guru", "20260701"));
  }

  @Test
  @DisplayName("refuses an older snapshot, by its number or because it was accepted before")
  void older() {
    assertThrows(
        UntrustedIndexException.class,
        () -> last.check(index(A, T.plusSeconds(1)), "guru", "20260629"));
    assertThrows(UntrustedIndexException.class, () -> last.check(unsigned(A), "guru", "20260629"));
    assertThrows(UntrustedIndexException.class, () -> last.check(unsigned(A), "guru", "tip"));
    assertDoesNotThrow(() -> last.check(unsigned(A), "guru", "top"));
  }

  @Test
  @DisplayName("refuses another digest for the version that was accepted")
  void otherDigest() {
    assertThrows(UntrustedIndexException.class, () -> last.check(index(B, T), "guru", "20260630"));
  }

  @Test
  @DisplayName("compares versions of one shape number by number, and no others")
  void order() {
    assertEquals(OptionalInt.of(-1), VersionOrder.compare("v1.9", "v1.10"));
    assertEquals(OptionalInt.of(1), VersionOrder.compare("20260701", "20260630"));
    assertEquals(OptionalInt.of(0), VersionOrder.compare("1.01", "1.1"));
    assertEquals(OptionalInt.empty(), VersionOrder.compare("1.1", "1-1"));
    assertEquals(OptionalInt.empty(), VersionOrder.compare("a", "b"));
  }

  private static Index index(String digest, Instant signed) {
    return new Index(
        Map.of("guru-20260630.sqfs", digest),
        List.of(),
        Optional.of(new IndexSignature(signed, "F", "U")));
  }

  private static Index unsigned(String digest) {
    return new Index(Map.of("guru-20260630.sqfs", digest), List.of(), Optional.empty());
  }
}
