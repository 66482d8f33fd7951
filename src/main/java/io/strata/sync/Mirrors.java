package io.strata.sync;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.Optional;

/**
 * Opens mirrors. Holds what their connections have in common, made when first needed, for starting
 * an HTTP client takes time; {@link #close} lets it go.
 */
final class Mirrors implements AutoCloseable {
  private final Timeouts timeouts;
  private Optional<HttpClient> client = Optional.empty(); // guarded by this

  Mirrors(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /** The mirror at an address of the configuration. */
  Mirror open(URI address) {
    return String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT).equals("file")
        ? new FileMirror(address)
        : new HttpMirror(client(), address, timeouts);
  }

  private synchronized HttpClient client() {
    if (client.isEmpty()) {
      client =
          Optional.of(
              HttpClient.newBuilder()
                  .version(HttpClient.Version.HTTP_1_1)
                  .connectTimeout(timeouts.connect())
                  .followRedirects(HttpClient.Redirect.NORMAL)
                  .build());
    }
    return client.get();
  }

  @Override
  public synchronized void close() {
    client.ifPresent(HttpClient::shutdownNow);
    client = Optional.empty();
  }
}
