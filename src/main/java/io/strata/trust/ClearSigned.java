package io.strata.trust;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file in OpenPGP's cleartext signature framework, taken apart but not verified.
 *
 * @param body the lines that are signed, dash-escapes undone
 * @param signature the armored signature packets behind them
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9580#section-7">RFC 9580 section 7</a>
 */
record ClearSigned(List<String> body, Armor signature) {
  private static final String BEGIN = Armor.begin("SIGNED MESSAGE");

  /**
   * Takes the first signed message of a file apart; what lies before and behind it is not looked
   * at.
   *
   * @return empty if the file holds none
   * @throws IndexException if there is armor that is not whole
   */
  static Optional<ClearSigned> find(List<String> lines) throws IndexException {
    int begin = lines.indexOf(BEGIN);
    if (begin >= 0) {
      return Optional.of(read(lines, begin));
    }
    if (lines.stream().anyMatch(line -> line.startsWith("-----BEGIN PGP "))) {
      throw new IndexException("it holds OpenPGP armor, but no clear-signed message");
    }
    return Optional.empty();
  }

  /** The bytes that the signature covers. */
  byte[] signedBytes() {
    return TextLines.canonical(body);
  }

  private static ClearSigned read(List<String> lines, int begin) throws IndexException {
    int blank = begin + 1;
    while (blank < lines.size() && !lines.get(blank).isEmpty()) {
      // Only this header is allowed; text that a viewer shows must not hide here.
      if (!lines.get(blank).startsWith("Hash: ")) {
        throw new IndexException("line " + (blank + 1) + " is no header of a signed message");
      }
      blank++;
    }
    List<String> body = new ArrayList<>();
    int at = blank + 1;
    while (at < lines.size() && !lines.get(at).equals(Armor.begin(Armor.SIGNATURE))) {
      body.add(withoutDashEscape(lines.get(at), at));
      at++;
    }
    if (at >= lines.size()) {
      throw new IndexException("the signed message is cut short: it has no signature");
    }
    return new ClearSigned(List.copyOf(body), Armor.read(lines, at, Armor.SIGNATURE));
  }

  private static String withoutDashEscape(String line, int at) throws IndexException {
    if (!line.startsWith("-")) {
      return line;
    }
    // A line of one dash lost the blank of its escape with the blanks at its end.
    if (line.equals("-")) {
      return "";
    }
    if (!line.startsWith("- ")) {
      throw new IndexException("line " + (at + 1) + " of the signed message lacks its dash-escape");
    }
    return line.substring(2);
  }
}
