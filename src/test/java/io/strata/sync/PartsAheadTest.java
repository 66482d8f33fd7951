package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Parts of an image")
class PartsAheadTest {
  private static final long TIMEOUT_SECONDS = 10;

  @TempDir static Path where;
  private static PartFixture.Images images;

  @TempDir Path directory;
  private PartFixture parts;

  @BeforeAll
  static void makeImages() throws Exception {
    images = PartFixture.Images.make(where);
  }

  @BeforeEach
  void syncOld() throws Exception {
    parts = new PartFixture(images, directory);
  }

  @Test
  @DisplayName("are asked for before the one whose turn it is has come")
  void several() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch another = new CountDownLatch(1);
    try (RawServer server = new RawServer(parts.files.directory)) {
      server.on(
          PartFixture.IMAGE,
          (request, out) -> {
            String[] ends = request.field("range").orElse("").replace("bytes=", "").split("-", -1);
            if (ends.length < 2) {
              server.serve(request, out);
            } else if (asked.incrementAndGet() == 1) {
              int from = Integer.parseInt(ends[0]);
              int to = Integer.parseInt(ends[1]);
              String length = "Content-Length: " + (to + 1 - from);
              PartFault.part(out, images.young(), from, to, length);
              out.flush();
              // The fixture's mirrors may stall for less: without another request this fails.
              assertTrue(another.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
              out.write(images.young(), from, to + 1 - from);
            } else {
              another.countDown();
              server.serve(request, out);
            }
          });
      parts.assertYoung(Way.RANGES, parts.sync.sync(server.uri()));
      List<String> gets = server.gets(PartFixture.IMAGE);
      assertEquals(gets.stream().distinct().toList(), gets, "each is asked for once");
    }
    assertEquals(List.of(), parts.sync.heard.warnings);
  }

  @Test
  @DisplayName("come one after the other from a server that has no second connection for us")
  void oneConnection() throws Exception {
    Semaphore free = new Semaphore(1);
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    try (RawServer server = new RawServer(parts.files.directory)) {
      server.on(
          PartFixture.IMAGE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
            } else if (!free.tryAcquire()) {
              refused.incrementAndGet();
              RawServer.head(out, "503 Busy", "Content-Length: 0");
              second.countDown();
            } else {
              String[] ends = request.field("range").orElseThrow().substring(6).split("-", -1);
              int from = Integer.parseInt(ends[0]);
              int to = Integer.parseInt(ends[1]);
              PartFault.part(out, images.young(), from, to, "Connection: close");
              out.flush();
              second.await(TIMEOUT_SECONDS, TimeUnit.SECONDS); // until two were wanted
              free.release();
              out.write(images.young(), from, to + 1 - from);
            }
          });
      parts.assertYoung(Way.RANGES, parts.sync.sync(server.uri()));
    }
    assertTrue(refused.get() > 0);
    assertEquals(List.of(), parts.sync.heard.warnings);
  }
}
