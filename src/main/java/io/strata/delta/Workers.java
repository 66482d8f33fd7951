package io.strata.delta;

import java.io.IOException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same work on all cores until it is done. */
public final class Workers {
  private Workers() {}

  /** Work that shares its parts out itself. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException, DeltaException;
  }

  /**
   * Runs {@code work} on as many threads as there are cores, and at most {@code parts}.
   *
   * <p>All threads have ended when this returns. An interrupt ends it with an exception, after the
   * threads have been interrupted as well, and the thread's interrupt status is set.
   */
  public static void run(int parts, Work work) throws IOException, DeltaException {
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), parts);
    if (threads == 0) {
      return;
    }
    Callable<Boolean> job =
        () -> {
          work.run();
          return true;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<Boolean> result : executor.invokeAll(Collections.nCopies(threads, job))) {
        await(result);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeltaException("interrupted", e);
    }
  }

  /** Waits until work is done, and fails as it did. An interrupt is treated as above. */
  static void await(Future<?> result) throws IOException, DeltaException {
    try {
      result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeltaException("interrupted", e);
    } catch (ExecutionException e) {
      throw rethrow(e);
    }
  }

  private static DeltaException rethrow(ExecutionException failure) throws IOException {
    return switch (failure.getCause()) {
      case null -> new DeltaException("a worker failed", failure);
      case IOException e -> throw e;
      case DeltaException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new DeltaException("a worker failed: " + failure.getMessage(), failure);
    };
  }
}
