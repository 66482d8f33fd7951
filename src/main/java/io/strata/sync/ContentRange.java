package io.strata.sync;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code Content-Range} of bytes (RFC 9110, section 14.4).
 *
 * @param first offset of the first byte; empty for {@code bytes *}{@code /LENGTH}
 * @param last offset of the last byte; empty where {@code first} is
 * @param length of the whole file; empty if the server does not know
 */
record ContentRange(OptionalLong first, OptionalLong last, OptionalLong length) {
  private static final Pattern FORM =
      Pattern.compile(
          "bytes\\s+(?:([0-9]{1,18})-([0-9]{1,18})|\\*)\\s*/\\s*([0-9]{1,18}|\\*)",
          Pattern.CASE_INSENSITIVE);

  static Optional<ContentRange> of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ContentRange(
                number(matcher.group(1)), number(matcher.group(2)), number(matcher.group(3))))
        : Optional.empty();
  }

  /** Whether these are the bytes {@code from} to {@code to}, both included, and no others. */
  boolean is(long from, long to) {
    return first.equals(OptionalLong.of(from))
        && last.equals(OptionalLong.of(to))
        && (length.isEmpty() || length.getAsLong() > to);
  }

  /** Whether these are all bytes from {@code from} on. */
  boolean isRestFrom(long from) {
    return first.equals(OptionalLong.of(from))
        && last.isPresent()
        && last.getAsLong() >= from
        && (length.isEmpty() || length.getAsLong() == last.getAsLong() + 1);
  }

  private static OptionalLong number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null || digits.equals("*")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(digits));
  }
}
