package io.strata.trust;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text as OpenPGP signs it: lines without the blanks at their ends. A byte is a char of the same
 * number, so that nothing is lost whatever the encoding.
 */
final class TextLines {
  private TextLines() {}

  /** The lines of {@code text}; a line feed at its very end begins no further line. */
  static List<String> of(byte[] text) {
    String all = new String(text, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < all.length()) {
      int feed = all.indexOf('\n', from);
      int end = feed < 0 ? all.length() : feed;
      lines.add(withoutTrailingBlanks(all.substring(from, end)));
      from = end + 1;
    }
    return lines;
  }

  /** The bytes that a text signature covers: CRLF between the lines, none after the last. */
  static byte[] canonical(List<String> lines) {
    return String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A line as people wrote it, if it is UTF-8. */
  static Optional<String> utf8(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1));
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(bytes)
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String withoutTrailingBlanks(String line) {
    int end = line.length();
    while (end > 0 && " \t\r".indexOf(line.charAt(end - 1)) >= 0) {
      end--;
    }
    return line.substring(0, end);
  }
}
