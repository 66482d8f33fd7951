package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.fuse.FuseMountException;
import io.strata.posix.Posix;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The threads that serve one mount over io_uring: a queue for each processor. Thread-safe.
 *
 * <p>The kernel begins to use the rings when each queue has a thread that waits, and keeps all
 * requests back until then. What it still sends by /dev/fuse (FORGET, INTERRUPT), a {@link Crew}
 * serves.
 */
final class RingCrew {
  /** Requests that follow each other sooner than this come fast, in nanoseconds. */
  private static final long SOON = 200_000;

  private final Posix posix;
  private final int device;
  private final List<RingQueue> queues;
  private final AtomicInteger serving;
  private final AtomicBoolean storing = new AtomicBoolean();
  private final @Nullable Vigil vigil;
  private final Runnable atEnd;

  /**
   * @param device a descriptor of the mount, open until the end
   * @param name of the threads, what distinguishes them is added
   * @param queueCount as {@link RingOffer#queues} has it
   * @param atEnd runs once, on the last thread, when all is over
   */
  RingCrew(Posix posix, int device, Work work, String name, int queueCount, Runnable atEnd) {
    this.posix = posix;
    this.device = device;
    this.vigil = Vigil.isUseful(queueCount) ? new Vigil(posix.processes(), name, SOON) : null;
    this.serving = new AtomicInteger(queueCount);
    this.queues = IntStream.range(0, queueCount).mapToObj(i -> queue(work, name, i)).toList();
    this.atEnd = atEnd;
  }

  private RingQueue queue(Work work, String name, int number) {
    RingQueue.Place place = new RingQueue.Place(posix, device, number);
    return new RingQueue(place, work, name + "-ring" + number, storing, this::request, this::left);
  }

  /**
   * Starts serving.
   *
   * @throws FuseMountException if a queue can't be made: then none will serve, and those that are
   *     there end with the connection
   */
  void start() throws FuseMountException {
    int failure = 0;
    for (RingQueue queue : queues) {
      int errno = queue.start();
      failure = failure == 0 ? errno : failure;
    }
    if (failure != 0) {
      throw RingOffer.refused(failure);
    }
    if (vigil != null) {
      vigil.start();
    }
  }

  private void request() {
    if (vigil != null) {
      vigil.request();
    }
  }

  private void left() {
    if (serving.decrementAndGet() == 0) {
      if (vigil != null) {
        vigil.end();
      }
      atEnd.run();
    }
  }

  /** Adds what all of them served to {@code sum}. */
  void addTo(Counters sum) {
    queues.forEach(queue -> queue.addTo(sum));
  }
}
