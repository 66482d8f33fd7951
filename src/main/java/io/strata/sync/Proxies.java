package io.strata.sync;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names, as curl reads it: {@code http_proxy} (in lower case only,
 * for a web server's HTTP_PROXY is a visitor's), {@code https_proxy}, {@code all_proxy} and {@code
 * no_proxy} (and in upper case). A proxy is {@code [http://][NAME:PASSWORD@]HOST[:PORT][/]}.
 *
 * <p>{@code no_proxy} has hosts with commas or blanks between: a host means itself and what is
 * below it, with or without a dot before it; {@code HOST:PORT} that port only; {@code *} all.
 */
final class Proxies extends ProxySelector {
  private static final int DEFAULT_PORT = 1080; // curl's

  /** One proxy; {@code user} is {@code NAME:PASSWORD}, or empty. */
  private record Server(InetSocketAddress address, String user) {}

  private final Map<String, Server> byScheme;
  private final List<String> exceptions;

  private Proxies(Map<String, Server> byScheme, List<String> exceptions) {
    this.byScheme = byScheme;
    this.exceptions = exceptions;
  }

  /** The proxies; empty if there are none. */
  static Optional<Proxies> of(Map<String, String> environment) throws SyncException {
    Map<String, Server> servers = new HashMap<>();
    put(servers, "http", environment, "http_proxy", "all_proxy", "ALL_PROXY");
    put(servers, "https", environment, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
    String not = first(environment, "no_proxy", "NO_PROXY").map(Map.Entry::getValue).orElse("");
    List<String> exceptions =
        List.of(not.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)).stream()
            .filter(word -> !word.isEmpty())
            .toList();
    return servers.isEmpty() ? Optional.empty() : Optional.of(new Proxies(servers, exceptions));
  }

  @Override
  public List<Proxy> select(@Nullable URI uri) {
    if (uri == null || uri.getHost() == null) {
      throw new IllegalArgumentException("an address without a host");
    }
    return List.of(
        server(uri)
            .map(server -> new Proxy(Proxy.Type.HTTP, server.address()))
            .orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The request itself fails, and says so.
  }

  /** What the proxy for an address wants to know of us; empty if there is no such. */
  Optional<String> authorization(URI uri) {
    return server(uri).map(Server::user).flatMap(UserInfo::basic);
  }

  private Optional<Server> server(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return isException(uri) ? Optional.empty() : Optional.ofNullable(byScheme.get(scheme));
  }

  private boolean isException(URI uri) {
    String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    String withPort = host + ":" + Passwords.port(uri);
    return exceptions.stream().anyMatch(e -> covers(e, host) || covers(e, withPort));
  }

  private static boolean covers(String exception, String host) {
    String name = exception.replaceAll("^\\*?\\.|^\\[|]$", "");
    return exception.equals("*") || host.equals(name) || host.endsWith("." + name);
  }

  private static void put(
      Map<String, Server> servers, String scheme, Map<String, String> environment, String... names)
      throws SyncException {
    Optional<Map.Entry<String, String>> named = first(environment, names);
    if (named.isPresent()) {
      servers.put(scheme, server(named.get().getKey(), named.get().getValue()));
    }
  }

  private static Optional<Map.Entry<String, String>> first(
      Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(Map.entry(name, value));
      }
    }
    return Optional.empty();
  }

  private static Server server(String variable, String value) throws SyncException {
    try {
      URI uri = new URI(value.contains("://") ? value : "http://" + value);
      boolean usable =
          uri.getScheme().equalsIgnoreCase("http")
              && uri.getHost() != null
              && uri.getPort() <= Passwords.MAX_PORT;
      if (!usable) {
        throw new SyncException(Failure.CONFIGURATION, fault(variable));
      }
      int port = uri.getPort() >= 0 ? uri.getPort() : DEFAULT_PORT;
      String user = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
      return new Server(InetSocketAddress.createUnresolved(uri.getHost(), port), user);
    } catch (URISyntaxException e) {
      throw new SyncException(Failure.CONFIGURATION, fault(variable), e);
    }
  }

  // Not with its value, which may hold a password.
  private static String fault(String variable) {
    return variable + ": not an HTTP proxy (http://HOST:PORT); correct it, or unset it";
  }
}
