package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An index")
class FreshnessTest {
  private static final Instant NOW = Instant.parse("2026-07-31T12:00:00Z");

  @ParameterizedTest(name = "signed at {0}: {1}")
  @DisplayName("is fresh for the maximum age, old for as long again, and never of the future")
  @CsvSource({
    "2026-07-31T12:00:00Z, FRESH",
    "2026-07-17T12:00:00Z, FRESH",
    "2026-07-17T11:59:59Z, OLD",
    "2026-07-03T12:00:00Z, OLD",
    "2026-07-03T11:59:59Z, EXPIRED",
    "1970-01-01T00:00:00Z, EXPIRED",
    "2026-08-01T12:00:00Z, FRESH",
    "2026-08-01T12:00:01Z, FUTURE",
    "2106-02-07T06:28:15Z, FUTURE",
  })
  void freshness(Instant signed, Freshness expected) {
    assertEquals(expected, Freshness.of(signed, Duration.ofDays(14), NOW));
  }
}
