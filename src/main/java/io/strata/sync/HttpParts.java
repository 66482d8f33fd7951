package io.strata.sync;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/** What answers to requests for a part of a file are worth. */
final class HttpParts {
  private HttpParts() {}

  /**
   * Whether an answer is of another file than was asked for.
   *
   * @param validator that the file had before; empty if it is not known
   * @param whole its length
   */
  static boolean isAnother(HttpAnswer answer, Optional<String> validator, long whole) {
    return switch (answer.status()) {
      case HttpAnswer.PARTIAL_CONTENT, HttpAnswer.RANGE_NOT_SATISFIABLE -> {
        OptionalLong length = answer.range().map(ContentRange::length).orElse(OptionalLong.empty());
        yield length.orElse(whole) != whole || differs(answer.validator(), validator);
      }
      case HttpAnswer.OK -> differs(answer.validator(), validator);
      default -> false;
    };
  }

  private static boolean differs(Optional<String> one, Optional<String> other) {
    return one.isPresent()
        && other.isPresent()
        && one.get().startsWith("\"") == other.get().startsWith("\"")
        && !one.equals(other);
  }

  static MirrorException changed(URI address) {
    return new MirrorException(
        MirrorException.Kind.CHANGED, address + ": it is not the file of a moment ago", null);
  }

  /** Whether it is exactly these bytes, the last one included, as they are in the file. */
  static boolean is(HttpAnswer answer, long from, long last) {
    long count = last + 1 - from;
    return answer.status() == HttpAnswer.PARTIAL_CONTENT
        && answer.isPlain()
        && answer.range().filter(range -> range.is(from, last)).isPresent()
        && answer.length().orElse(count) == count;
  }

  /**
   * Whether it shows how the server deals with ranges, and not that it is busy, or lacks a file.
   */
  static boolean isAnswerToRange(HttpAnswer answer) {
    return switch (answer.status()) {
      case HttpAnswer.OK,
          HttpAnswer.PARTIAL_CONTENT,
          HttpAnswer.RANGE_NOT_SATISFIABLE,
          HttpAnswer.NOT_MODIFIED,
          HttpAnswer.PRECONDITION_FAILED ->
          true;
      default -> false;
    };
  }

  /** What is wrong with another answer. */
  static MirrorException refused(URI address, HttpAnswer answer) {
    String what = "HTTP " + answer.status() + " is not the part that was asked for";
    return isAnswerToRange(answer)
        ? new MirrorException(MirrorException.Kind.REFUSED, address + ": " + what, null)
        : HttpRequests.refused(address, answer);
  }
}
