package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A name and a password in sync-uri")
class PasswordsTest {
  private static final String OURS = "Basic bWU6cEBzcw=="; // me:p@ss
  private static final String FILE = "guru-1.sqfs";

  @TempDir Path directory;
  private SyncFixture fixture;

  @BeforeEach
  void mirror() throws Exception {
    fixture = new SyncFixture(directory);
  }

  @Test
  @DisplayName("go to the mirror, and not to where it redirects to; nobody prints them")
  void redirected() throws Exception {
    try (RawServer mirror = new RawServer(fixture.files.directory);
        RawServer other = new RawServer(fixture.files.directory)) {
      mirror.on(
          FILE,
          (_, out) ->
              RawServer.head(
                  out,
                  "302 Found",
                  "Location: http://you:secret@127.0.0.1:" + port(other) + "/" + FILE + "?token=x",
                  "Content-Length: 0"));
      assertEquals(Way.FULL, fixture.sync(withPassword(mirror.uri())).way());
      fixture.assertCurrent("1");
      for (RawServer.Request request : mirror.requests()) {
        assertEquals(Optional.of(OURS), request.field("authorization"), request.target());
      }
      assertFalse(other.requests().isEmpty());
      for (RawServer.Request request : other.requests()) {
        assertEquals(Optional.empty(), request.field("authorization"), request.target());
      }

      fixture.files.image("guru", "2").index("guru-2");
      Files.write(fixture.files.directory.resolve("guru-2.sqfs"), new byte[] {1});
      mirror.on("guru-2.sqfs", mirror::serve);
      URI down = URI.create("http://me:p%40ss@127.0.0.1:1/");
      SyncException e =
          assertThrows(SyncException.class, () -> fixture.sync(withPassword(mirror.uri()), down));
      List<String> said = new ArrayList<>(fixture.heard.warnings);
      said.addAll(fixture.heard.phases);
      said.addAll(fixture.heard.notes);
      said.add(e.toString());
      said.add(fixture.plan(withPassword(mirror.uri())).toString());
      assertTrue(said.toString().contains("trying http://127.0.0.1:1/"), said.toString());
      for (String secret : new String[] {"p%40ss", "p@ss", "secret", "token"}) {
        assertFalse(said.toString().contains(secret), said.toString());
      }
    }
  }

  @Test
  @DisplayName("go along with those of a proxy, each to its own")
  void behindProxy() throws Exception {
    try (RawServer proxy = new RawServer(fixture.files.directory)) {
      URI mirror = URI.create("http://me:p%40ss@mirror.invalid/");
      Map<String, String> environment = Map.of("http_proxy", "you:there@127.0.0.1:" + port(proxy));
      fixture.sync(SyncFixture.SHORT, environment, mirror);
      RawServer.Request request = proxy.requests().getFirst();
      assertEquals("http://mirror.invalid/sha512sum.txt", request.target());
      assertEquals(Optional.of(OURS), request.field("authorization"));
      assertEquals(
          Optional.of("Basic eW91OnRoZXJl"), // you:there
          request.field("proxy-authorization"));
    }
  }

  @Test
  @DisplayName("are asked for where the mirror wants them")
  void wanted() throws Exception {
    try (RawServer mirror = new RawServer(fixture.files.directory)) {
      mirror.on(
          "sha512sum.txt",
          (_, out) ->
              RawServer.head(
                  out, "401 Who?", "WWW-Authenticate: Basic realm=\"x\"", "Content-Length: 0"));
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(mirror.uri()));
      assertTrue(e.toString().contains("put them into sync-uri"), e.toString());
    }
  }

  @Test
  @DisplayName("are not in the message where the address is wrong")
  void wrongAddress() throws Exception {
    Path file = directory.resolve("repos.conf");
    for (String uri : new String[] {"ftp://me:secret@host/", "http://me:secret@host/?a"}) {
      Files.writeString(file, "[a]\nsync-type = squashdelta\nsync-uri = " + uri + "\n");
      ConfigException e = assertThrows(ConfigException.class, () -> Repositories.read(file));
      assertFalse(e.toString().contains("secret"), e.toString());
    }
  }

  private static URI withPassword(URI uri) {
    return URI.create(uri.toString().replace("http://", "http://me:p%40ss@"));
  }

  private static int port(RawServer server) {
    return server.uri().getPort();
  }
}
