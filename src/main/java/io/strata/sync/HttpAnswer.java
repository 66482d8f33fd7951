package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** The header of an answer, every field of which may be missing or nonsense (RFC 9110). */
record HttpAnswer(HttpResponse<InputStream> response) {
  static final int OK = 200;
  static final int PARTIAL_CONTENT = 206;
  static final int NOT_MODIFIED = 304;
  static final int NOT_FOUND = 404;
  static final int GONE = 410;
  static final int PRECONDITION_FAILED = 412;
  static final int RANGE_NOT_SATISFIABLE = 416;

  // A weak one begins with W/.
  private static final Pattern STRONG_TAG = Pattern.compile("\"[\\x21\\x23-\\x7e]{0,250}\"");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

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

  /** The same, for messages: what follows a question mark may be secret. */
  String shownFrom() {
    return from().toString().replaceFirst("[?].*", "?...");
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

  /** Whether the body is bytes of the file, and not something that is made of them. */
  boolean isPlain() {
    return encoding().isEmpty()
        && field("Content-Type")
            .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/"))
            .isEmpty();
  }

  /** What If-Range may hold (section 13.1.5): the entity tag, else the date of the last change. */
  Optional<String> validator() {
    Optional<String> tag = field("ETag");
    if (tag.isPresent()) {
      return tag.filter(t -> STRONG_TAG.matcher(t).matches());
    }
    return modifiedIsStrong() ? field("Last-Modified") : Optional.empty();
  }

  // Section 8.8.2.2: else the file may have changed once more within the second.
  private boolean modifiedIsStrong() {
    Optional<Instant> sent = field("Date").flatMap(HttpAnswer::date);
    Optional<Instant> modified = modified();
    return sent.isPresent()
        && modified.isPresent()
        && !sent.get().isBefore(modified.get().plusSeconds(1));
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

  /**
   * Where to ask instead; empty if this is no redirect, or one that leads from https to http, or to
   * no web server.
   */
  Optional<URI> redirect() {
    Optional<String> location = REDIRECTS.contains(status()) ? field("Location") : Optional.empty();
    return location.flatMap(this::resolve).filter(this::mayFollow).map(UserInfo::without);
  }

  private Optional<URI> resolve(String location) {
    try {
      return Optional.of(from().resolve(new URI(location)));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private boolean mayFollow(URI next) {
    String scheme = String.valueOf(next.getScheme()).toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    boolean plain = scheme.equals("http") && from().getScheme().equalsIgnoreCase("http");
    return (secure || plain) && next.getHost() != null && next.getPort() <= Passwords.MAX_PORT;
  }

  /** Lets the connection go. */
  void discard() {
    // There is none where a proxy refused to make a tunnel.
    try (InputStream _ = response.body()) {
      return;
    } catch (IOException e) {
      return; // nothing was wanted of it
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
