package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Parts of an image")
class PartsAheadTest extends PartFixture {
  private static final long TIMEOUT_SECONDS = 10;

  @Test
  @DisplayName("are asked for before the one whose turn it is has come")
  void several() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch another = new CountDownLatch(1);
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          IMAGE,
          (request, out) -> {
            Optional<RawServer.Range> range = request.range();
            if (range.isEmpty()) {
              server.serve(request, out);
            } else if (asked.incrementAndGet() == 1) {
              int from = range.get().from();
              int length = range.get().length();
              String field = "Content-Length: " + length;
              PartFault.part(out, images.young(), from, range.get().to(), field);
              out.flush();
              // The fixture's mirrors may stall for less: without another request this fails.
              assertTrue(another.await(TIMEOUT_SECONDS, TimeUnit.SECONDS));
              out.write(images.young(), from, length);
            } else {
              another.countDown();
              server.serve(request, out);
            }
          });
      assertYoung(Way.RANGES, fixture.sync(server.uri()));
      List<String> gets = server.gets(IMAGE);
      assertEquals(gets.stream().distinct().toList(), gets, "each is asked for once");
    }
    assertEquals(List.of(), fixture.heard.warnings);
  }

  @Test
  @DisplayName("come one after the other from a server that has no second connection for us")
  void oneConnection() throws Exception {
    Semaphore free = new Semaphore(1);
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          IMAGE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
            } else if (!free.tryAcquire()) {
              refused.incrementAndGet();
              RawServer.head(out, "503 Busy", "Content-Length: 0");
              second.countDown();
            } else {
              RawServer.Range range = request.range().orElseThrow();
              PartFault.part(out, images.young(), range.from(), range.to(), "Connection: close");
              out.flush();
              second.await(TIMEOUT_SECONDS, TimeUnit.SECONDS); // until two were wanted
              free.release();
              out.write(images.young(), range.from(), range.length());
            }
          });
      assertYoung(Way.RANGES, fixture.sync(server.uri()));
    }
    assertTrue(refused.get() > 0);
    assertEquals(List.of(), fixture.heard.warnings);
  }
}
