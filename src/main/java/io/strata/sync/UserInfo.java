package io.strata.sync;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names and passwords in addresses: they belong into requests, and never into messages. */
final class UserInfo {
  private static final Pattern IN_TEXT = Pattern.compile("//[^/\\s]*@");

  private UserInfo() {}

  /** The address without name and password. */
  static URI without(URI address) {
    String info = address.getRawUserInfo();
    return info == null
        ? address
        : URI.create(address.toString().replaceFirst(Pattern.quote(info + "@"), ""));
  }

  /** The same of what may be no address. */
  static String without(String text) {
    return IN_TEXT.matcher(text).replaceAll("//");
  }

  /**
   * The field's value that gives them to a server or a proxy (RFC 7617).
   *
   * @param raw {@code NAME:PASSWORD}, each percent-encoded where need be; or empty
   */
  static Optional<String> basic(String raw) {
    if (raw.isEmpty()) {
      return Optional.empty();
    }
    int colon = raw.indexOf(':');
    String name = colon < 0 ? raw : raw.substring(0, colon);
    String password = colon < 0 ? "" : raw.substring(colon + 1);
    byte[] both = (decoded(name) + ":" + decoded(password)).getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(both));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
