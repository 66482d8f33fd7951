package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A sync that fetches the parts it lacks")
class PartFaultsTest extends PartFixture {
  @Test
  @DisplayName("plans it with the bytes of the block index, and asks for nothing else")
  void plan() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      Candidate choice = fixture.plan(server.uri()).choice().orElseThrow();
      assertEquals(Way.RANGES, choice.way());
      SyncResult result = fixture.sync(server.uri());
      assertYoung(Way.RANGES, result);
      assertEquals(choice.bytes().orElseThrow(), result.bytes());
      assertTrue(
          result.bytes() < 3 * FILE_SIZE + images.blocks().length + 30_000, "" + result.bytes());
      assertTrue(server.gets(IMAGE).size() <= 4, "" + server.gets(IMAGE));
      assertFalse(server.gets(IMAGE).contains("whole"));
      assertTrue(
          server.requests().stream()
              .filter(r -> r.field("range").isPresent())
              .allMatch(r -> r.field("if-range").orElse("").equals("\"v1\"")));
    }
  }

  @Test
  @DisplayName("does it from a local directory, too")
  void local() throws Exception {
    assertYoung(Way.RANGES, fixture.sync(fixture.directory()));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes the whole image where the server gets parts wrong; nothing is left over")
  void wrong(PartFault fault) throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      SyncResult result =
          fixture.sync(server.on(IMAGE, fault.onParts(server, images.young())).uri());
      assertYoung(Way.FULL, result);
      assertEquals("whole", server.gets(IMAGE).getLast());
      assertTrue(server.gets(IMAGE).size() <= 12, "" + server.gets(IMAGE));
      String warning = fixture.heard.warnings.getLast();
      assertTrue(warning.startsWith(server.uri() + IMAGE + ": "), warning);
      assertTrue(warning.endsWith("; trying the full image"), warning);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WHOLE", "WRONG_BYTES", "BUSY", "ANOTHER_FILE"})
  @DisplayName("goes on with the next mirror, and asks the first one for no more parts")
  void nextMirror(PartFault fault) throws Exception {
    try (RawServer bad = new RawServer(files.directory);
        RawServer good = new RawServer(files.directory)) {
      bad.on(IMAGE, fault.onParts(bad, images.young()));
      SyncResult result = fixture.sync(bad.uri(), good.uri());
      assertYoung(Way.RANGES, result);
      int most =
          switch (fault) {
            case WHOLE -> 1;
            case ANOTHER_FILE -> 8; // each with the tag, and then without
            default -> 4; // three of them before their turn
          };
      assertTrue(bad.gets(IMAGE).size() <= most, "" + bad.gets(IMAGE));
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
            Optional<RawServer.Range> range = request.range();
            boolean large = range.filter(asked -> asked.length() > 30_000).isPresent();
            if (large && times.getAndIncrement() == 1) {
              int from = range.orElseThrow().from();
              broken.set(from);
              String length = "Content-Length: " + range.get().length();
              PartFault.part(out, images.young(), from, range.get().to(), length);
              out.write(images.young(), from, 20_001); // in the middle of a part
            } else {
              server.serve(request, out);
            }
          };
      assertYoung(Way.RANGES, fixture.sync(server.on(IMAGE, half).uri()));
      String rest = "bytes=" + (broken.get() + 20_001) + "-";
      List<String> ranges = server.gets(IMAGE);
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
      server.on(IMAGE, once);
      assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      first =
          server.requests().stream()
              .filter(request -> request.file().equals(IMAGE))
              .flatMap(request -> request.range().stream())
              .findFirst()
              .orElseThrow()
              .length();
      assertEquals(1, fixture.cache().stream().filter(n -> n.endsWith(".partial")).count());
      fixture.assertCurrent("2", images.old());
    }
    try (RawServer server = new RawServer(files.directory)) {
      long planned = fixture.plan(server.uri()).choice().orElseThrow().bytes().orElseThrow();
      SyncResult result = fixture.sync(server.uri());
      assertEquals(planned, result.bytes());
      assertYoung(Way.RANGES, result);
      assertTrue(
          first + planned < 3 * FILE_SIZE + images.blocks().length + 30_000, first + " " + planned);
    }
  }

  @Test
  @DisplayName("asks without a condition where servers behind one name have other tags")
  void otherTags() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      AtomicInteger times = new AtomicInteger();
      server.on(
          IMAGE,
          (request, out) ->
              server.serve(request, out, "\"v" + times.getAndIncrement() + "\"", RawServer.DATE));
      assertYoung(Way.RANGES, fixture.sync(server.uri()));
      assertTrue(server.gets(IMAGE).size() <= 6, "" + server.gets(IMAGE));
    }
  }

  @Test
  @DisplayName("takes parts of which the length is not said, and those from elsewhere")
  void chunkedAndRedirected() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          "moved",
          (request, out) -> {
            RawServer.Range range = request.range().orElseThrow();
            String chunked = "Transfer-Encoding: chunked";
            PartFault.part(out, images.young(), range.from(), range.to(), chunked);
            String size = Integer.toHexString(range.length()) + "\r\n";
            out.write(size.getBytes(StandardCharsets.US_ASCII));
            out.write(images.young(), range.from(), range.length());
            out.write("\r\n5\r\nlarge\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)); // more
          });
      server.on(
          IMAGE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
            } else {
              RawServer.head(out, "307 Temporary Redirect", "Location: /moved");
            }
          });
      assertYoung(Way.RANGES, fixture.sync(server.uri()));
    }
  }

  @Test
  @DisplayName("stops waiting for a server that sends too slowly")
  void stalls() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      RawServer.Orders stall =
          (request, out) -> {
            Optional<RawServer.Range> range = request.range();
            if (request.isHead() || range.isEmpty()) {
              server.serve(request, out);
            } else {
              PartFault.part(
                  out, images.young(), range.get().from(), range.get().to(), "X: no length");
              out.flush();
              server.stall();
            }
          };
      assertYoung(Way.FULL, fixture.sync(server.on(IMAGE, stall).uri()));
      assertTrue(fixture.heard.warnings.getLast().contains("nothing came for"));
    }
  }
}
