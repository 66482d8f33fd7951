package io.strata.trust;

import java.util.Comparator;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Which of two versions is the older one, where that can be told. A version is an arbitrary string,
 * so only those of one shape are compared: the same text around numbers, as {@code 20260627} and
 * {@code 20260630}, or {@code v1.9} and {@code v1.10}.
 */
final class VersionOrder {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  /** Of digits; as numbers they might take for ever to read. */
  private static final Comparator<String> NUMERIC =
      Comparator.comparingInt((String digits) -> significant(digits).length())
          .thenComparing(VersionOrder::significant);

  private VersionOrder() {}

  /** Negative if {@code a} is older; empty if their shapes differ. */
  static OptionalInt compare(String a, String b) {
    if (!shape(a).equals(shape(b))) {
      return OptionalInt.empty();
    }
    var numbersOfA = NUMBER.matcher(a).results().map(MatchResult::group).toList();
    var numbersOfB = NUMBER.matcher(b).results().map(MatchResult::group).toList();
    for (int i = 0; i < numbersOfA.size(); i++) {
      int order = NUMERIC.compare(numbersOfA.get(i), numbersOfB.get(i));
      if (order != 0) {
        return OptionalInt.of(Integer.signum(order));
      }
    }
    return OptionalInt.of(0);
  }

  private static String significant(String digits) {
    int zeros = 0;
    while (zeros < digits.length() && digits.charAt(zeros) == '0') {
      zeros++;
    }
    return digits.substring(zeros);
  }

  private static String shape(String version) {
    return NUMBER.matcher(version).replaceAll("0");
  }
}
