package io.strata.sync;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * Which name and password goes where: the mirror's to the mirror itself, not to where it sends us
 * on, and a proxy's to that proxy. They are sent at once, as curl does. Immutable.
 */
final class Passwords {
  /** java.net.URI takes any. */
  static final int MAX_PORT = 65535;

  private final URI mirror;
  private final Optional<Proxies> proxies;

  /** Those in the address of a mirror, and those of the proxies. */
  Passwords(URI mirror, Optional<Proxies> proxies) {
    this.mirror = mirror;
    this.proxies = proxies;
  }

  /** The request for that address, with what its server and the proxy in between are to know. */
  HttpRequest put(HttpRequest request, URI address) {
    HttpRequest.Builder to = HttpRequest.newBuilder(request, (_, _) -> true).uri(address);
    Optional<String> own = Optional.ofNullable(mirror.getRawUserInfo());
    own.filter(_ -> isMirror(address))
        .flatMap(UserInfo::basic)
        .ifPresent(value -> to.setHeader("Authorization", value));
    proxies
        .flatMap(p -> p.authorization(address))
        .ifPresent(value -> to.setHeader("Proxy-Authorization", value));
    return to.build();
  }

  private boolean isMirror(URI address) {
    return address.getScheme().equalsIgnoreCase(mirror.getScheme())
        && address.getHost().equalsIgnoreCase(mirror.getHost())
        && port(address) == port(mirror);
  }

  /** The port of a web address, which need not be in it. */
  static int port(URI address) {
    boolean secure = address.getScheme().toLowerCase(Locale.ROOT).equals("https");
    return address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
  }
}
