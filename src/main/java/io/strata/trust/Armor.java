package io.strata.trust;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of ASCII armor.
 *
 * @param headers the lines of its header, as {@code Comment: text}
 * @param packets what it holds
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9580#section-6.2">RFC 9580 section 6.2</a>
 */
record Armor(List<String> headers, byte[] packets) {

  /** The type of a block that holds public keys. */
  static final String PUBLIC_KEY = "PUBLIC KEY BLOCK";

  /** The type of a block that holds secret keys. */
  static final String PRIVATE_KEY = "PRIVATE KEY BLOCK";

  /** The type of a block that holds signatures. */
  static final String SIGNATURE = "SIGNATURE";

  /** The line that opens a block. */
  static String begin(String type) {
    return "-----BEGIN PGP " + type + "-----";
  }

  /** The line that ends a block. */
  static String end(String type) {
    return "-----END PGP " + type + "-----";
  }

  /** All blocks of a type; what lies between them counts for nothing. */
  static List<Armor> all(List<String> lines, String type) throws IndexException {
    List<Armor> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals(begin(type))) {
        blocks.add(read(lines, i, type));
      }
    }
    return blocks;
  }

  /**
   * Reads the block whose opening line is {@code lines.get(at)}.
   *
   * @param lines without blanks at their ends
   */
  static Armor read(List<String> lines, int at, String type) throws IndexException {
    int end = at + 1;
    while (end < lines.size() && !lines.get(end).equals(end(type))) {
      end++;
    }
    if (end == lines.size()) {
      throw new IndexException("the armor that begins in line " + (at + 1) + " has no end");
    }
    int blank = at + 1;
    while (blank < end && !lines.get(blank).isEmpty()) {
      blank++;
    }
    if (blank == end) {
      throw new IndexException("the armor that begins in line " + (at + 1) + " has no content");
    }
    List<String> headers = List.copyOf(lines.subList(at + 1, blank));
    return new Armor(headers, decode(lines.subList(blank + 1, end), at));
  }

  // The checksum line (=XXXX) is optional, and a reader need not look at it: section 6.1.
  private static byte[] decode(List<String> lines, int at) throws IndexException {
    StringBuilder digits = new StringBuilder();
    for (String line : lines) {
      if (!line.startsWith("=")) {
        digits.append(line);
      }
    }
    try {
      return Base64.getDecoder().decode(digits.toString());
    } catch (IllegalArgumentException e) {
      throw new IndexException(
          "the armor that begins in line " + (at + 1) + " is no base64: " + e.getMessage(), e);
    }
  }
}
