package io.strata.serve;

import com.sun.net.httpserver.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The conditions of a request, in the order that RFC 9110 section 13.2.2 has for them.
 *
 * @param fields of the request
 * @param resource that they are about
 * @param now when the request came
 */
record Conditions(Headers fields, Resource resource, Instant now) {
  /** A file that is older has not changed twice within the second that its date names. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")");

  /** What a request comes to by its conditions. */
  enum Outcome {
    /** They hold, or there are none. */
    GO_ON,
    /** 304: the client has it. */
    NOT_MODIFIED,
    /** 412: it is not what the client wants. */
    FAILED
  }

  Outcome outcome() {
    Optional<String> match = field("If-Match");
    Optional<Instant> unmodified = field("If-Unmodified-Since").flatMap(this::date);
    boolean fails =
        match.isPresent()
            ? !names(match.get(), false)
            : unmodified.isPresent() && resource.modified().isAfter(unmodified.get());
    if (fails) {
      return Outcome.FAILED;
    }
    Optional<String> noneMatch = field("If-None-Match");
    Optional<Instant> since = field("If-Modified-Since").flatMap(this::date);
    boolean known =
        noneMatch.isPresent()
            ? names(noneMatch.get(), true)
            : since.isPresent() && !resource.modified().isAfter(since.get());
    return known ? Outcome.NOT_MODIFIED : Outcome.GO_ON;
  }

  /**
   * Whether {@code If-Range} lets a part be sent: it holds, or there is none. A date holds only if
   * it is a strong validator (section 8.8.2.2).
   */
  boolean letsRange() {
    Optional<String> value = field("If-Range").map(String::strip);
    return value.isEmpty()
        || value.get().equals(resource.tag())
        || value.get().equals(HttpDate.of(resource.modified()))
            && !resource.modified().isAfter(now.minus(SETTLED));
  }

  /** Whether a list of entity tags has the resource's; a weak one counts only if they all do. */
  private boolean names(String list, boolean weakToo) {
    if (list.strip().equals("*")) {
      return true;
    }
    Matcher tags = TAG.matcher(list);
    while (tags.find()) {
      boolean strong = tags.group(1) == null;
      if ((strong || weakToo) && resource.tag().equals(tags.group(2))) {
        return true;
      }
    }
    return false;
  }

  /** A field; several of one name are one with commas. */
  private Optional<String> field(String name) {
    List<String> values = fields.get(name);
    return values == null || values.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", values));
  }

  /** Section 13.1.3: what is no date is ignored. */
  private Optional<Instant> date(String text) {
    return HttpDate.read(text, now);
  }
}
