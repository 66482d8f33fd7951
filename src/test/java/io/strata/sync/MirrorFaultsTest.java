package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.store.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A sync from a mirror that")
class MirrorFaultsTest {
  private static final String FILE = "guru-1.sqfs";
  private static final String INDEX = "sha512sum.txt";

  @TempDir Path directory;
  private SyncFixture fixture;
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void mirror() throws Exception {
    fixture = new SyncFixture(directory);
  }

  @Test
  @DisplayName("takes no connection is given up after the time for that")
  void noConnection() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Two fill the queue of one; the kernel leaves the next ones without an answer.
      for (int i = 0; i < 2; i++) {
        waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
      }
      Duration brief = Duration.ofMillis(150);
      Timeouts timeouts = new Timeouts(brief, brief, brief);
      URI uri = URI.create("http://127.0.0.1:" + full.getLocalPort() + "/");
      SyncException e = assertThrows(SyncException.class, () -> sync(timeouts, uri));
      assertTrue(e.toString().contains("no connection within"), e.toString());
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  @DisplayName("never answers is given up after the time for the first byte, and asked again")
  void noFirstByte() throws Exception {
    Duration brief = Duration.ofMillis(100);
    Timeouts timeouts = new Timeouts(brief, brief, brief);
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(INDEX, (_, _) -> server.stall());
      SyncException e = assertThrows(SyncException.class, () -> sync(timeouts, server.uri()));
      assertTrue(e.toString().contains("no answer within"), e.toString());
      assertEquals(Failure.DOWNLOAD, e.failure());
      assertEquals(3, server.gets(INDEX).size());
    }
  }

  @Test
  @DisplayName("sends too slowly is left, although it never stops")
  void drip() throws Exception {
    Duration brief = Duration.ofMillis(200);
    Timeouts timeouts =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), brief, 1000, noPauses(1));
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            RawServer.head(out, "200 OK", "Content-Length: " + SmallMirror.SIZE);
            for (int i = 0; !request.isHead() && i < 1000; i++) {
              out.write(0);
              out.flush();
              Thread.sleep(20);
            }
          });
      SyncException e = assertThrows(SyncException.class, () -> sync(timeouts, server.uri()));
      assertTrue(e.toString().contains("bytes came in"), e.toString());
    }
  }

  @Test
  @DisplayName("is busy is asked again after pauses that grow, by chance, and as it asks for")
  void backOff() throws Exception {
    AtomicInteger times = new AtomicInteger();
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          INDEX,
          (request, out) -> {
            switch (times.getAndIncrement()) {
              case 0 -> RawServer.head(out, "503 Busy", "Content-Length: 0");
              case 1 -> RawServer.head(out, "429 Slow", "Retry-After: 7", "Content-Length: 0");
              case 2 -> RawServer.head(out, "503 Busy", "Retry-After: 9999", "Content-Length: 0");
              case 3 -> RawServer.head(out, "502 Bad", "Retry-After: soon", "Content-Length: 0");
              default -> server.serve(request, out);
            }
          });
      Retries retries =
          new Retries(5, Duration.ofSeconds(2), Duration.ofSeconds(30), () -> 0.5, pauses::add);
      Timeouts timeouts = timeouts(retries);
      assertEquals(Way.FULL, fixture.sync(timeouts, Map.of(), server.uri()).way());
    }
    // 2, 4, 8 and 16 s at most, three quarters of that by this chance; 7 s and, bounded, 30 asked.
    assertEquals(
        List.of(
            Duration.ofMillis(1500),
            Duration.ofSeconds(7),
            Duration.ofSeconds(30),
            Duration.ofSeconds(12)),
        pauses);
    assertEquals(
        Duration.ofSeconds(30),
        new Retries(99, Duration.ofSeconds(2), Duration.ofSeconds(30), () -> 1, _ -> {})
            .before(98, Duration.ZERO));
  }

  @Test
  @DisplayName("refuses is not asked again")
  void refuses() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(INDEX, (_, out) -> RawServer.head(out, "403 Forbidden", "Content-Length: 0"));
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertTrue(e.toString().contains("HTTP 403"), e.toString());
      assertEquals(1, server.gets(INDEX).size());
    }
  }

  @Test
  @DisplayName("compresses what it sends is understood")
  void gzip() throws Exception {
    byte[] packed = RangeFaultsTest.gzip(SmallMirror.image("1"));
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            assertEquals("identity", request.field("accept-encoding").orElseThrow());
            RawServer.head(
                out, "200 OK", "Content-Encoding: gzip", "Content-Length: " + packed.length);
            if (!request.isHead()) {
              out.write(packed);
            }
          });
      assertEquals(Way.FULL, fixture.sync(server.uri()).way());
    }
    fixture.assertCurrent("1");
  }

  @Test
  @DisplayName("redirects somewhere else sends a file that is not believed, or redirects for ever")
  void redirects() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      Files.writeString(fixture.files.directory.resolve("login.html"), "<html>");
      server.on(FILE, (_, out) -> redirect(out, "/login.html"));
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertTrue(e.toString().contains(server.uri() + FILE), e.toString());
      assertTrue(e.toString().contains("redirected to " + server.uri() + "login.html"), "" + e);
      server.on(FILE, (_, out) -> redirect(out, "/" + FILE));
      e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertTrue(e.toString().contains("sends us on without end"), e.toString());
      for (String nowhere :
          new String[] {
            "file:///etc/passwd", "http://127.0.0.1:65536/", "http://[::x/", "//", ""
          }) {
        server.on(FILE, (_, out) -> redirect(out, nowhere));
        e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()), nowhere);
        assertTrue(e.toString().contains("sends us on"), e.toString());
      }
    }
    assertFalse(Files.exists(fixture.store.link("guru")));
  }

  @Test
  @DisplayName("sends without end is read to the expected size and no further")
  void endless() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
              return;
            }
            RawServer.head(out, "200 OK", "Transfer-Encoding: chunked");
            byte[] chunk = new byte[1 << 16];
            while (true) {
              out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
              out.write(chunk);
              out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
              sent.incrementAndGet();
            }
          });
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertTrue(e.toString().contains("longer than the " + SmallMirror.SIZE), e.toString());
    }
    // Each attempt ends after five chunks; the rest is what sockets hold.
    assertTrue(sent.get() < 2000, "" + sent);
    assertEquals(List.of(), fixture.cache());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 99999999999999999999",
        "Content-Length: -5",
        "Content-Length: many",
        "Content-Range: bytes x-y/z\r\nContent-Length: 5",
        "Content-Encoding: gzip\r\nContent-Length: 5",
        "Last-Modified: yesterday\r\nDate: today\r\nETag: \r\nContent-Length: 5",
      })
  @DisplayName("answers with nonsense is refused, and is no fault of ours")
  void nonsense(String fields) throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            RawServer.head(out, "200 OK", fields);
            if (!request.isHead()) {
              out.write(new byte[5]);
            }
          });
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertTrue(e.failure().isTheMirrors(), e.toString());
      assertTrue(e.toString().contains(server.uri() + FILE), e.toString());
    }
  }

  @Test
  @DisplayName("says another length than before is asked anew, and then reported as in an update")
  void otherLength() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            int length = SmallMirror.SIZE + (request.isHead() ? 1000 : 0);
            RawServer.head(out, "200 OK", "Content-Length: " + length);
            if (!request.isHead()) {
              out.write(SmallMirror.image("1"));
            }
          });
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertEquals(Failure.MID_UPDATE, e.failure());
      assertTrue(e.toString().contains("where the mirror said"), e.toString());
    }
  }

  @Test
  @DisplayName("has a new index but not yet its files is waited for, and then reported as that")
  void indexFirst() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Timeouts timeouts =
        timeouts(
            new Retries(3, Duration.ofSeconds(2), Duration.ofSeconds(30), () -> 1, pauses::add));
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            if (looks.getAndIncrement() == 0) {
              RawServer.head(out, "404 Not Found", "Content-Length: 0");
            } else {
              server.serve(request, out);
            }
          });
      assertEquals(Way.FULL, fixture.sync(timeouts, Map.of(), server.uri()).way());
      fixture.assertCurrent("1");
      assertEquals(List.of(Duration.ofSeconds(4)), pauses);
      assertEquals(2, server.gets(INDEX).size());

      fixture.files.image("guru", "2").index("guru-2");
      Files.delete(fixture.files.directory.resolve("guru-2.sqfs"));
      SyncException e =
          assertThrows(SyncException.class, () -> fixture.sync(timeouts, Map.of(), server.uri()));
      assertEquals(Failure.MID_UPDATE, e.failure());
      assertTrue(e.toString().contains(server.uri() + "guru-2.sqfs: HTTP 404"), e.toString());
      assertTrue(e.toString().contains("being updated"), e.toString());
      assertEquals(5, server.gets(INDEX).size());
    }
    fixture.assertCurrent("1");
  }

  @Test
  @DisplayName("has a new file but still the old index is waited for, and then reported as that")
  void fileFirst() throws Exception {
    AtomicInteger gets = new AtomicInteger();
    Path other = directory.resolve("other");
    SmallMirror old = new SmallMirror(other).file(FILE, new byte[SmallMirror.SIZE]).index("guru-1");
    try (RawServer server = new RawServer(fixture.files.directory);
        RawServer stale = new RawServer(old.directory)) {
      String later = "Sat, 01 Aug 2026 10:05:00 GMT";
      server.on(FILE, (request, out) -> server.serve(request, out, "\"n\"", later));
      server.on(
          INDEX,
          (request, out) -> {
            boolean updated = !request.isHead() && gets.getAndIncrement() > 0;
            (updated ? server : stale).serve(request, out);
          });
      assertEquals(Way.FULL, fixture.sync(server.uri()).way());
      fixture.assertCurrent("1");
      assertTrue(fixture.heard.phases.toString().contains("newer than the index"));

      Files.delete(fixture.store.link("guru"));
      Files.delete(fixture.store.image(new Snapshot("guru", "1")));
      Files.delete(fixture.store.directory().resolve(".strata/guru.state"));
      server.on(INDEX, stale::serve);
      SyncException e = assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertEquals(Failure.MID_UPDATE, e.failure());
      assertTrue(e.toString().contains("wrong file 3 of this mirror"), e.toString());
    }
  }

  @Test
  @DisplayName("sends a wrong file is named, and the file comes from the next one")
  void wrongFile() throws Exception {
    fixture.sync(fixture.directory());
    fixture.files.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    try (RawServer bad = new RawServer(fixture.files.directory);
        RawServer good = new RawServer(fixture.files.directory)) {
      bad.on(
          "guru-1-2.sqdelta",
          (request, out) -> {
            int length = (int) Files.size(fixture.files.directory.resolve("guru-1-2.sqdelta"));
            RawServer.head(out, "200 OK", "Content-Length: " + length);
            if (!request.isHead()) {
              out.write(new byte[length]);
            }
          });
      assertEquals(Way.DELTA, fixture.sync(bad.uri(), good.uri()).way());
      fixture.assertCurrent("2");
      String warning = fixture.heard.warnings.getFirst();
      assertTrue(warning.contains(bad.uri() + "guru-1-2.sqdelta"), warning);
      assertTrue(warning.contains("wrong file 1 of this mirror"), warning);
      assertEquals(List.of(), good.gets(INDEX));
    }
  }

  @Test
  @DisplayName("serves ranges gives large files in pieces at a time; one that does not, at once")
  void pieces() throws Exception {
    byte[] content = SmallMirror.image("1");
    Pieces pieces = new Pieces(100_000, 64_000, 3);
    try (RawServer server = new RawServer(fixture.files.directory);
        Mirrors mirrors = new Mirrors(SyncFixture.SHORT, Map.of(), pieces)) {
      Mirror mirror = mirrors.open(server.uri());
      assertEquals(content.length, mirror.look(FILE).length().orElseThrow());
      try (Mirror.Body body = mirror.open(FILE, new Mirror.Resume(1000, Optional.of("\"v1\"")))) {
        byte[] rest = body.stream().readAllBytes();
        assertEquals(-1, Arrays.mismatch(rest, Arrays.copyOfRange(content, 1000, content.length)));
      }
      List<String> ranges = server.gets(FILE).stream().sorted().toList();
      assertEquals(5, ranges.size());
      assertTrue(ranges.contains("bytes=257000-299999"), "" + ranges);
      assertEquals("\"v1\"", server.requests().getLast().field("if-range").orElseThrow());

      // The second piece is the whole: from then on the mirror is asked for one at a time.
      server.on(
          FILE,
          (request, out) -> {
            if (request.field("range").filter(r -> r.startsWith("bytes=64000-")).isPresent()) {
              RawServer.head(out, "200 OK", "Content-Length: " + content.length);
              out.write(content);
            } else {
              server.serve(request, out);
            }
          });
      Mirror another = mirrors.open(server.uri());
      another.look(FILE);
      try (Mirror.Body body = another.open(FILE, Mirror.Resume.NOTHING)) {
        assertThrows(IOException.class, () -> body.stream().readAllBytes());
      }
      try (Mirror.Body body = another.open(FILE, Mirror.Resume.NOTHING)) {
        assertEquals(-1, Arrays.mismatch(content, body.stream().readAllBytes()));
      }
      assertEquals("whole", server.gets(FILE).getLast());
    }
  }

  private SyncResult sync(Timeouts timeouts, URI uri) throws SyncException {
    return fixture.sync(timeouts, Map.of(), uri);
  }

  private static Timeouts timeouts(Retries retries) {
    return new Timeouts(
        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 10, retries);
  }

  private static Retries noPauses(int attempts) {
    return new Retries(attempts, Duration.ZERO, Duration.ZERO, () -> 0, _ -> {});
  }

  private static void redirect(OutputStream out, String to) throws IOException {
    RawServer.head(out, "302 Found", "Location: " + to, "Content-Length: 0");
  }
}
