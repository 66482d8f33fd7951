package io.strata.serve;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The dates of HTTP: one form is written, three are read. The day of the week is not looked at.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7">RFC 9110 section 5.6.7</a>
 */
final class HttpDate {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Two digits of a year mean none that is more than 50 years in the future. */
  private static final int FIRST_YEAR = -49;

  private HttpDate() {}

  /** The form that is written, always with two digits for the day. */
  static String of(Instant time) {
    return WRITTEN.format(time);
  }

  /**
   * Reads a date; empty if it is none.
   *
   * @param now from which two digits of a year count
   */
  static Optional<Instant> read(String text, Instant now) {
    String date = text.strip().replaceFirst("^[A-Za-z]+,? +", "").replaceAll(" +", " ");
    for (DateTimeFormatter form : forms(now)) {
      try {
        return Optional.of(LocalDateTime.parse(date, form).toInstant(ZoneOffset.UTC));
      } catch (DateTimeException e) {
        continue; // perhaps it is the next form
      }
    }
    return Optional.empty();
  }

  /** IMF-fixdate, that of RFC 850, and that of asctime(3). */
  private static List<DateTimeFormatter> forms(Instant now) {
    int first = now.atZone(ZoneOffset.UTC).getYear() + FIRST_YEAR;
    DateTimeFormatter rfc850 =
        new DateTimeFormatterBuilder()
            .appendPattern("dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, first)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ROOT);
    return List.of(
        DateTimeFormatter.ofPattern("d MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT),
        rfc850,
        DateTimeFormatter.ofPattern("MMM d HH:mm:ss uuuu", Locale.ROOT));
  }
}
