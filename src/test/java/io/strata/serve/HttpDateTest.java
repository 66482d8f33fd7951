package io.strata.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A date of HTTP")
class HttpDateTest {
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Instant THEN = Instant.parse("1994-11-06T08:49:37Z");

  @Test
  @DisplayName("is read in the three forms of RFC 9110 section 5.6.7, and written in one")
  void forms() {
    for (String form :
        List.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994")) {
      assertEquals(Optional.of(THEN), HttpDate.read(form, NOW), form);
    }
    assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.of(THEN));
  }

  @Test
  @DisplayName("with two digits of a year is at most 50 years ahead")
  void twoDigits() {
    String time = " 08:49:37 GMT";
    assertEquals(year("2076"), HttpDate.read("Friday, 06-Nov-76" + time, NOW));
    assertEquals(year("1977"), HttpDate.read("Sunday, 06-Nov-77" + time, NOW));
  }

  private static Optional<Instant> year(String year) {
    return Optional.of(Instant.parse(year + "-11-06T08:49:37Z"));
  }

  @Test
  @DisplayName("is none if it is anything else")
  void others() {
    for (String none :
        List.of("", "0", "tomorrow", "Sun, 06 Nov 1994", "Sun, 31 Foo 1994 08:49:37 GMT")) {
      assertEquals(Optional.empty(), HttpDate.read(none, NOW), none);
    }
  }
}
