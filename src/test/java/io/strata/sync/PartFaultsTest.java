package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A sync that fetches the parts it lacks")
class PartFaultsTest {
  @TempDir static Path where;
  private static PartFixture.Images images;

  @TempDir Path directory;
  private PartFixture parts;
  private SmallMirror files;
  private SyncFixture fixture;

  @BeforeAll
  static void makeImages() throws Exception {
    images = PartFixture.Images.make(where);
  }

  @BeforeEach
  void syncOld() throws Exception {
    parts = new PartFixture(images, directory);
    fixture = parts.sync;
    files = parts.files;
  }

  @Test
  @DisplayName("plans it with the bytes of the block index, and asks for nothing else")
  void plan() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      Candidate choice = fixture.plan(server.uri()).choice().orElseThrow();
      assertEquals(Way.RANGES, choice.way());
      SyncResult result = fixture.sync(server.uri());
      parts.assertYoung(Way.RANGES, result);
      assertEquals(choice.bytes().orElseThrow(), result.bytes());
      assertTrue(
          result.bytes() < 3 * PartFixture.FILE_SIZE + images.blocks().length + 30_000,
          "" + result.bytes());
      assertTrue(server.gets(PartFixture.IMAGE).size() <= 4, "" + server.gets(PartFixture.IMAGE));
      assertFalse(server.gets(PartFixture.IMAGE).contains("whole"));
      assertTrue(
          server.requests().stream()
              .filter(r -> r.field("range").isPresent())
              .allMatch(r -> r.field("if-range").orElse("").equals("\"v1\"")));
    }
  }

  @Test
  @DisplayName("does it from a local directory, too")
  void local() throws Exception {
    parts.assertYoung(Way.RANGES, fixture.sync(fixture.directory()));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes the whole image where the server gets parts wrong; nothing is left over")
  void wrong(PartFault fault) throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      SyncResult result =
          fixture.sync(server.on(PartFixture.IMAGE, fault.onParts(server, images.young())).uri());
      parts.assertYoung(Way.FULL, result);
      assertEquals("whole", server.gets(PartFixture.IMAGE).getLast());
      assertTrue(server.gets(PartFixture.IMAGE).size() <= 12, "" + server.gets(PartFixture.IMAGE));
      String warning = fixture.heard.warnings.getLast();
      assertTrue(warning.startsWith(server.uri() + PartFixture.IMAGE + ": "), warning);
      assertTrue(warning.endsWith("; trying the full image"), warning);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WHOLE", "WRONG_BYTES", "BUSY", "ANOTHER_FILE"})
  @DisplayName("goes on with the next mirror, and asks the first one for no more parts")
  void nextMirror(PartFault fault) throws Exception {
    try (RawServer bad = new RawServer(files.directory);
        RawServer good = new RawServer(files.directory)) {
      bad.on(PartFixture.IMAGE, fault.onParts(bad, images.young()));
      SyncResult result = fixture.sync(bad.uri(), good.uri());
      parts.assertYoung(Way.RANGES, result);
      int most = fault == PartFault.WHOLE ? 1 : 4; // no other part before the first is right
      assertTrue(bad.gets(PartFixture.IMAGE).size() <= most, "" + bad.gets(PartFixture.IMAGE));
      String warning = fixture.heard.warnings.getLast();
      assertTrue(warning.contains("; trying " + good.uri()), warning);
      boolean blamed = warning.contains("wrong file 1 of this mirror");
      assertEquals(fault == PartFault.WRONG_BYTES || fault == PartFault.ANOTHER_FILE, blamed);
    }
  }

  @Test
  @DisplayName("goes on at the byte where a connection broke off")
  void breaksOff() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      AtomicInteger times = new AtomicInteger();
      AtomicInteger broken = new AtomicInteger();
      RawServer.Orders half =
          (request, out) -> {
            String[] ends = request.field("range").orElse("bytes=0-0").substring(6).split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int to = Integer.parseInt(ends[1]);
            if (to - from > 30_000 && times.getAndIncrement() == 1) {
              broken.set(from);
              PartFault.part(out, images.young(), from, to, "Content-Length: " + (to + 1 - from));
              out.write(images.young(), from, 20_001); // in the middle of a part
            } else {
              server.serve(request, out);
            }
          };
      parts.assertYoung(Way.RANGES, fixture.sync(server.on(PartFixture.IMAGE, half).uri()));
      String rest = "bytes=" + (broken.get() + 20_001) + "-";
      List<String> ranges = server.gets(PartFixture.IMAGE);
      assertTrue(ranges.stream().anyMatch(range -> range.startsWith(rest)), rest + " " + ranges);
      assertEquals(List.of(), fixture.heard.warnings);
    }
  }

  @Test
  @DisplayName("keeps what came when it fails, and the next sync goes on from there")
  void keeps() throws Exception {
    AtomicInteger times = new AtomicInteger();
    long first;
    try (RawServer server = new RawServer(files.directory)) {
      RawServer.Orders once =
          (request, out) -> {
            if (!request.isHead() && times.getAndIncrement() > 0) {
              throw new IOException("the network is gone");
            }
            server.serve(request, out);
          };
      server.on(PartFixture.IMAGE, once);
      assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      String[] ends = server.gets(PartFixture.IMAGE).getFirst().substring(6).split("-", -1);
      first = Long.parseLong(ends[1]) + 1 - Long.parseLong(ends[0]);
      assertEquals(1, fixture.cache().stream().filter(n -> n.endsWith(".partial")).count());
      fixture.assertCurrent("2", images.old());
    }
    try (RawServer server = new RawServer(files.directory)) {
      long planned = fixture.plan(server.uri()).choice().orElseThrow().bytes().orElseThrow();
      SyncResult result = fixture.sync(server.uri());
      assertEquals(planned, result.bytes());
      parts.assertYoung(Way.RANGES, result);
      assertTrue(
          first + planned < 3 * PartFixture.FILE_SIZE + images.blocks().length + 30_000,
          first + " " + planned);
    }
  }

  @Test
  @DisplayName("asks without a condition where servers behind one name have other tags")
  void otherTags() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      AtomicInteger times = new AtomicInteger();
      server.on(
          PartFixture.IMAGE,
          (request, out) ->
              server.serve(request, out, "\"v" + times.getAndIncrement() + "\"", RawServer.DATE));
      parts.assertYoung(Way.RANGES, fixture.sync(server.uri()));
      assertTrue(server.gets(PartFixture.IMAGE).size() <= 6, "" + server.gets(PartFixture.IMAGE));
    }
  }

  @Test
  @DisplayName("takes parts of which the length is not said, and those from elsewhere")
  void chunkedAndRedirected() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          "moved",
          (request, out) -> {
            String[] ends = request.field("range").orElseThrow().substring(6).split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int length = Integer.parseInt(ends[1]) + 1 - from;
            PartFault.part(
                out, images.young(), from, from + length - 1, "Transfer-Encoding: chunked");
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(images.young(), from, length);
            out.write("\r\n5\r\nlarge\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)); // more
          });
      server.on(
          PartFixture.IMAGE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
            } else {
              RawServer.head(out, "307 Temporary Redirect", "Location: /moved");
            }
          });
      parts.assertYoung(Way.RANGES, fixture.sync(server.uri()));
    }
  }

  @Test
  @DisplayName("stops waiting for a server that sends too slowly")
  void stalls() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      RawServer.Orders stall =
          (request, out) -> {
            if (request.isHead() || request.field("range").isEmpty()) {
              server.serve(request, out);
            } else {
              String[] ends = request.field("range").get().substring(6).split("-", -1);
              PartFault.part(
                  out,
                  images.young(),
                  Integer.parseInt(ends[0]),
                  Integer.parseInt(ends[1]),
                  "X: " + request.method().toLowerCase(Locale.ROOT));
              out.flush();
              server.stall();
            }
          };
      parts.assertYoung(Way.FULL, fixture.sync(server.on(PartFixture.IMAGE, stall).uri()));
      assertTrue(fixture.heard.warnings.getLast().contains("nothing came for"));
    }
  }
}
