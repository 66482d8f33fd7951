package io.strata.sync;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Opens mirrors. Holds what their connections have in common, made when first needed, for starting
 * an HTTP client takes time; {@link #close} lets it go. Remembers which of them sent files that are
 * not what the index says.
 */
final class Mirrors implements AutoCloseable {
  /** The JDK reads it once, when the first client is made. */
  private static final String NOT_FOR_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

  private final Timeouts timeouts;
  private final Map<String, String> environment;
  private final Pieces pieces;
  private final Blame blame = new Blame();
  private Optional<HttpClient> client = Optional.empty(); // guarded by this

  /** Mirrors behind the proxies that {@code environment} names. */
  Mirrors(Timeouts timeouts, Map<String, String> environment) {
    this(timeouts, environment, Pieces.DEFAULT);
  }

  /** The same, with other sizes of what comes at a time. */
  Mirrors(Timeouts timeouts, Map<String, String> environment, Pieces pieces) {
    this.timeouts = timeouts;
    this.environment = environment;
    this.pieces = pieces;
  }

  Retries retries() {
    return timeouts.retries();
  }

  Blame blame() {
    return blame;
  }

  /** The mirror at an address of the configuration. */
  Mirror open(URI address) throws SyncException {
    return String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT).equals("file")
        ? new FileMirror(address, timeouts.retries())
        : new HttpMirror(requests(address), UserInfo.without(address), timeouts.retries(), pieces);
  }

  private HttpRequests requests(URI address) throws SyncException {
    return new HttpRequests(client(), timeouts, new Passwords(address, Proxies.of(environment)));
  }

  private synchronized HttpClient client() throws SyncException {
    if (client.isEmpty()) {
      // Else the JDK gives no proxy a password for https; who put one into https_proxy means it.
      if (System.getProperty(NOT_FOR_TUNNELS) == null) {
        System.setProperty(NOT_FOR_TUNNELS, "");
      }
      // Redirects are followed by HttpRequests, which knows whom to give a password.
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(timeouts.connect())
              .followRedirects(HttpClient.Redirect.NEVER);
      Optional<ProxySelector> proxies = Proxies.of(environment).map(p -> p);
      proxies.or(() -> Optional.ofNullable(ProxySelector.getDefault())).ifPresent(builder::proxy);
      client = Optional.of(builder.build());
    }
    return client.get();
  }

  @Override
  public synchronized void close() {
    client.ifPresent(HttpClient::shutdownNow);
    client = Optional.empty();
  }
}
