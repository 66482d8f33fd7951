package io.strata.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code Range} asks of a file.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.2">RFC 9110 section 14.2</a>
 */
sealed interface ByteRanges {
  /** More ranges than that are no honest wish: the whole file is as good. */
  int MAX_RANGES = 64;

  /**
   * Bytes of a file.
   *
   * @param first offset of the first one
   * @param last offset of the last one, not before the first
   */
  record Span(long first, long last) {
    long length() {
      return last - first + 1;
    }

    /** As a {@code Content-Range} has it. */
    String of(long length) {
      return "bytes " + first + "-" + last + "/" + length;
    }
  }

  /** Nothing that is understood: the whole file is sent. */
  record Whole() implements ByteRanges {}

  /** Nothing that the file has. */
  record Unsatisfiable() implements ByteRanges {}

  /**
   * Some of the file.
   *
   * @param spans one or more, as they were asked for
   */
  record Some(List<Span> spans) implements ByteRanges {
    public Some {
      spans = List.copyOf(spans);
    }
  }

  /** One element of the list: {@code 5-9}, {@code 5-} or {@code -5}. */
  Pattern ELEMENT = Pattern.compile("([0-9]*)-([0-9]*)");

  /**
   * Reads the field's value.
   *
   * @param length of the file in bytes
   */
  static ByteRanges of(String value, long length) {
    String text = value.strip();
    if (!text.regionMatches(true, 0, "bytes=", 0, 6)) {
      return new Whole();
    }
    List<Span> spans = new ArrayList<>();
    int count = 0;
    for (String element : text.substring(6).split(",", -1)) {
      Matcher matcher = ELEMENT.matcher(element.strip());
      if (element.isBlank()) {
        continue;
      }
      count++;
      if (!matcher.matches() || isInvalid(matcher) || count > MAX_RANGES) {
        return new Whole();
      }
      span(matcher.group(1), matcher.group(2), length).ifPresent(spans::add);
    }
    if (count == 0) {
      return new Whole();
    }
    if (spans.isEmpty()) {
      return new Unsatisfiable();
    }
    // Several that come to more than the file are an attack or a mistake (section 14.2).
    long sum = spans.stream().mapToLong(Span::length).sum();
    return spans.size() > 1 && sum >= length ? new Whole() : new Some(spans);
  }

  private static boolean isInvalid(Matcher matcher) {
    String first = matcher.group(1);
    String last = matcher.group(2);
    boolean reversed = !first.isEmpty() && !last.isEmpty() && number(last) < number(first);
    return first.isEmpty() && last.isEmpty() || reversed;
  }

  private static Optional<Span> span(String first, String last, long length) {
    if (first.isEmpty()) {
      long count = Math.min(number(last), length);
      return count == 0 ? Optional.empty() : Optional.of(new Span(length - count, length - 1));
    }
    long from = number(first);
    if (from >= length) {
      return Optional.empty();
    }
    long to = last.isEmpty() ? length - 1 : Math.min(number(last), length - 1);
    return Optional.of(new Span(from, to));
  }

  /** Numbers beyond any file's length are all the same. */
  private static long number(String digits) {
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
  }
}
