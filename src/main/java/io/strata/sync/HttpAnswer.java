package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The header of an answer, every field of which may be missing or nonsense (RFC 9110). */
record HttpAnswer(HttpResponse<InputStream> response) {
  static final int OK = 200;
  static final int PARTIAL_CONTENT = 206;
  static final int NOT_MODIFIED = 304;
  static final int NOT_FOUND = 404;
  static final int GONE = 410;
  static final int PRECONDITION_FAILED = 412;
  static final int RANGE_NOT_SATISFIABLE = 416;

  int status() {
    return response.statusCode();
  }

  InputStream body() {
    return response.body();
  }

  /** Where the answer came from, after all redirects. */
  URI from() {
    return response.uri();
  }

  Optional<String> field(String name) {
    return response.headers().firstValue(name).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** {@code Content-Length}. */
  OptionalLong length() {
    return number(field("Content-Length"));
  }

  /** {@code Content-Range}, if it is one of bytes. */
  Optional<ContentRange> range() {
    return field("Content-Range").flatMap(ContentRange::of);
  }

  /** The encoding of the body, in lower case; empty if it is the file as it is. */
  Optional<String> encoding() {
    return field("Content-Encoding")
        .map(v -> v.toLowerCase(Locale.ROOT))
        .filter(v -> !v.equals("identity"));
  }

  /** A strong entity tag, else the date of the last change: what If-Range may hold. */
  Optional<String> validator() {
    return field("ETag")
        .filter(tag -> tag.startsWith("\"") && tag.length() <= 256)
        .or(() -> modified().isPresent() ? field("Last-Modified") : Optional.empty());
  }

  Optional<Instant> modified() {
    return field("Last-Modified").flatMap(HttpAnswer::date);
  }

  /** {@code Retry-After}, from now on; zero if it says nothing. */
  Duration retryAfter(Instant now) {
    Optional<String> field = field("Retry-After");
    OptionalLong seconds = number(field);
    if (seconds.isPresent()) {
      return Duration.ofSeconds(Math.min(seconds.getAsLong(), Integer.MAX_VALUE));
    }
    return field.flatMap(HttpAnswer::date).map(d -> Duration.between(now, d)).orElse(Duration.ZERO);
  }

  boolean acceptsRanges() {
    return field("Accept-Ranges").filter(v -> v.equalsIgnoreCase("bytes")).isPresent();
  }

  /** Lets the connection go. */
  void discard() {
    try {
      body().close();
    } catch (IOException e) {
      // Nothing was wanted of it.
      return;
    }
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static OptionalLong number(Optional<String> text) {
    return text.filter(t -> t.matches("[0-9]{1,18}")).stream()
        .mapToLong(Long::parseLong)
        .findFirst();
  }
}
