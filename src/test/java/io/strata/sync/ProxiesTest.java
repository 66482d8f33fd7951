package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The proxies of the environment")
class ProxiesTest {
  @TempDir Path directory;

  @Test
  @DisplayName("serve a sync, with name and password where they want them")
  void serve() throws Exception {
    SyncFixture fixture = new SyncFixture(directory);
    URI mirror = URI.create("http://mirror.invalid/");
    try (RawServer proxy = new RawServer(fixture.files.directory)) {
      String address = "127.0.0.1:" + proxy.uri().getPort();
      fixture.sync(SyncFixture.SHORT, Map.of("http_proxy", "http://" + address + "/"), mirror);
      fixture.assertCurrent("1");
      assertEquals("http://mirror.invalid/sha512sum.txt", proxy.requests().getFirst().target());

      fixture.files.image("guru", "2").index("guru-2");
      for (String file : new String[] {"sha512sum.txt", "guru-2.sqfs"}) {
        proxy.on(
            file,
            (request, out) -> {
              if (request.field("proxy-authorization").isEmpty()) {
                String realm = "Proxy-Authenticate: Basic realm=\"x\"";
                RawServer.head(out, "407 Who?", realm, "Content-Length: 0");
              } else {
                proxy.serve(request, out);
              }
            });
      }
      Map<String, String> named = Map.of("all_proxy", "me:p%40ss@" + address);
      fixture.sync(SyncFixture.SHORT, named, mirror);
      fixture.assertCurrent("2");
      assertEquals(
          "Basic bWU6cEBzcw==", // me:p@ss
          proxy.requests().getLast().field("proxy-authorization").orElseThrow());
      SyncException e =
          assertThrows(
              SyncException.class,
              () -> fixture.sync(SyncFixture.SHORT, Map.of("http_proxy", address), mirror));
      assertTrue(e.toString().contains("wants a name"), e.toString());
    }
  }

  @ParameterizedTest(name = "{0} with no_proxy={1}: {2}")
  @DisplayName("are not for the hosts of no_proxy")
  @CsvSource({
    "http://a.example/, '', true",
    "http://a.example/, 'b, .example', false",
    "http://a.example/, example, false",
    "http://a.example/, ample, true",
    "http://A.example/, a.EXAMPLE, false",
    "http://a.example:8080/, a.example:8080, false",
    "http://a.example/, a.example:8080, true",
    "http://a.example/, a.example:80, false",
    "http://a.example/, *, false",
    "http://[::1]/, '::1', false",
  })
  void exceptions(URI uri, String not, boolean used) throws Exception {
    Map<String, String> environment = Map.of("http_proxy", "proxy.example:3128", "no_proxy", not);
    Proxy proxy = Proxies.of(environment).orElseThrow().select(uri).getFirst();
    assertEquals(used, !proxy.equals(Proxy.NO_PROXY));
    if (used) {
      assertEquals(InetSocketAddress.createUnresolved("proxy.example", 3128), proxy.address());
    }
  }

  @Test
  @DisplayName("are curl's variables; nonsense is an error that does not tell the password")
  void variables() throws Exception {
    assertEquals(Optional.empty(), Proxies.of(Map.of("HTTP_PROXY", "http://visitor/")));
    Proxies proxies = Proxies.of(Map.of("HTTPS_PROXY", "p", "ALL_PROXY", "q:1")).orElseThrow();
    assertEquals(
        InetSocketAddress.createUnresolved("p", 1080),
        proxies.select(URI.create("https://x/")).getFirst().address());
    assertEquals(
        InetSocketAddress.createUnresolved("q", 1),
        proxies.select(URI.create("http://x/")).getFirst().address());
    SyncException e =
        assertThrows(
            SyncException.class, () -> Proxies.of(Map.of("http_proxy", "socks5://me:secret@h/")));
    assertEquals(Failure.CONFIGURATION, e.failure());
    assertThrows(SyncException.class, () -> Proxies.of(Map.of("http_proxy", "h:65536")));
    assertTrue(e.toString().contains("http_proxy"), e.toString());
    assertFalse(e.toString().contains("secret"), e.toString());
  }
}
