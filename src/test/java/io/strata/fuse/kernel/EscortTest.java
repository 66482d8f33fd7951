package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A listener goes where its only caller is, and comes back for two. */
class EscortTest {
  private static final int ENOUGH = 100;

  private final Posix posix = Posix.system();
  private final Vigil vigil = new Vigil(posix.processes(), "test", Escort.SOON);

  @AfterEach
  void end() throws Exception {
    vigil.end();
    posix.processes().unpinThread();
  }

  @Test
  void processorIsFoundBehindAnyName() {
    String fields = "S " + "7 ".repeat(35) + "12 0 0\n"; // the third to the 39th
    for (String name : new String[] {"(a)", "(a b)", "(a) S 1 2 3)", "()"}) {
      byte[] text = ("4711 " + name + " " + fields).getBytes(StandardCharsets.US_ASCII);
      assertEquals(12, CallerPlace.processor(ByteBuffer.wrap(text), text.length), name);
    }
  }

  @Test
  void processorIsUnknownInTextThatEnds() {
    for (String text :
        new String[] {"", "1", "1 (a)", "1 (a) S 2 3", "1 (a) S " + "7 ".repeat(35)}) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      assertEquals(
          CallerPlace.UNKNOWN, CallerPlace.processor(ByteBuffer.wrap(bytes), bytes.length), text);
    }
  }

  @Test
  void processorOfThreadsIsWhereTheyArePinned() throws Exception {
    CallerPlace places = new CallerPlace(posix);
    posix.processes().pinThread(0);
    assertEquals(0, places.of(threadId()));
    assertEquals(CallerPlace.UNKNOWN, places.of(Integer.MAX_VALUE));
  }

  @Test
  void oneCallerHasCompanyUntilAnotherComes() throws Exception {
    String anywhere = allowed();
    PinnedThread caller = new PinnedThread(posix);
    try {
      Escort escort = new Escort(posix, vigil);
      requests(escort, caller.thread());
      assertTrue(escort.isClose());
      assertEquals("0", allowed());
      escort.request(threadId());
      assertFalse(escort.isClose());
      assertEquals(anywhere, allowed());
    } finally {
      caller.end();
    }
  }

  @Test
  void largeRequestsWantBothProcessors() throws Exception {
    PinnedThread caller = new PinnedThread(posix);
    try {
      Escort escort = new Escort(posix, vigil);
      requests(escort, caller.thread());
      escort.leave();
      assertFalse(escort.isClose());
    } finally {
      caller.end();
    }
  }

  @Test
  void slowCallersHaveNone() throws Exception {
    Escort escort = new Escort(posix, vigil);
    for (int i = 0; i < 40; i++) {
      escort.request(threadId());
      Thread.sleep(2);
    }
    assertFalse(escort.isClose());
  }

  private static void requests(Escort escort, int caller) {
    for (int i = 0; i < ENOUGH; i++) {
      escort.request(caller);
    }
  }

  private static int threadId() throws Exception {
    Path self = Files.readSymbolicLink(Path.of("/proc/thread-self")); // PID/task/TID
    return Integer.parseInt(self.getFileName().toString());
  }

  /** On which processors this thread may run. */
  private static String allowed() throws Exception {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .findFirst()
        .orElseThrow()
        .split("\\s+")[1];
  }

  /** A thread that is pinned to processor 0 until it is told to end. */
  private static final class PinnedThread {
    private final CompletableFuture<Integer> thread = new CompletableFuture<>();
    private final CountDownLatch end = new CountDownLatch(1);

    PinnedThread(Posix posix) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  posix.processes().pinThread(0);
                  thread.complete(threadId());
                  end.await();
                } catch (Exception e) {
                  thread.completeExceptionally(e);
                }
              });
    }

    int thread() throws Exception {
      return thread.get();
    }

    void end() {
      end.countDown();
    }
  }
}
