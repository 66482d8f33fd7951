package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A mirror by https behind a proxy")
class TunnelTest {
  private static final Path CERTIFICATE = Path.of("src/test/resources/tls/loopback.p12");
  private static final String PASSWORD = "loopback";

  @TempDir Path directory;
  private final List<String> leaked = new CopyOnWriteArrayList<>();

  @Test
  @DisplayName("is reached with name and password; and does not send a sync on to http")
  void tunnel() throws Exception {
    SyncFixture fixture = new SyncFixture(directory);
    try (TunnelProxy proxy = new TunnelProxy("Basic bWU6cEBzcw==")) { // me:p@ss
      HttpsServer server = server(fixture.files.directory);
      try {
        String out = sync(server.getAddress().getPort(), proxy.port(), fixture);
        fixture.assertCurrent("1");
        assertTrue(out.contains("guru: nothing -> 1: full image"), out);
        assertTrue(out.contains("HTTP 302"), out);
        assertTrue(out.contains("where https ends"), out);
        assertFalse(proxy.heads().isEmpty());
        assertTrue(proxy.heads().getFirst().startsWith("CONNECT 127.0.0.1:"), "" + proxy.heads());
        assertEquals(List.of(), leaked);
        URI mirror = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
        Map<String, String> nameless = Map.of("https_proxy", "127.0.0.1:" + proxy.port());
        SyncException e =
            assertThrows(
                SyncException.class, () -> fixture.sync(SyncFixture.SHORT, nameless, mirror));
        assertTrue(e.toString().contains("the proxy wants a name"), e.toString());
      } finally {
        server.stop(0);
      }
    }
  }

  /** Syncs in a process of its own, for the JDK reads its settings once; gives what it said. */
  private String sync(int port, int proxy, SyncFixture fixture) throws Exception {
    String section = "sync-type = squashdelta\nopenpgp-verify = no\nsync-squashdelta-cache = ";
    Path config =
        Files.writeString(
            directory.resolve("repos.conf"),
            "[DEFAULT]\n"
                + section
                + fixture.store.directory()
                + "\n[guru]\nsync-uri = https://127.0.0.1:"
                + port
                + "/\n[away]\nsync-uri = https://127.0.0.1:"
                + port
                + "/away/\n");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djavax.net.ssl.trustStore=" + CERTIFICATE,
            "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
            "-cp",
            System.getProperty("java.class.path"),
            "io.strata.cli.Main",
            "sync",
            "--no-switch",
            "--config",
            config.toString());
    builder.environment().put("https_proxy", "http://me:p%40ss@127.0.0.1:" + proxy);
    builder.environment().remove("no_proxy");
    Path out = directory.resolve("out");
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertTrue(process.waitFor(100, TimeUnit.SECONDS));
    String said = Files.readString(out);
    assertEquals(4, process.exitValue(), said);
    return said;
  }

  private HttpsServer server(Path files) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(CERTIFICATE)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", exchange -> answer(exchange, files));
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange, Path files) throws IOException {
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Proxy-Authorization")) {
        leaked.add(exchange.getRequestURI().toString());
      }
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/away/")) {
        exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/sha512sum.txt");
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      byte[] content = Files.readAllBytes(files.resolve(path.substring(1)));
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.getResponseHeaders().set("Content-Length", "" + content.length);
      exchange.sendResponseHeaders(200, head ? -1 : content.length);
      if (!head) {
        exchange.getResponseBody().write(content);
      }
    }
  }
}
