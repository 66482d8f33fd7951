package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that fails when nothing comes for too long, or too little for
 * as long; the JDK's own waits for ever. Only the time counts that is spent waiting for the mirror.
 * One thread reads it; the client's threads fill it.
 */
final class HttpBody extends ChunkStream implements BodySubscriber<InputStream> {

  /** What the client says: a few buffers, the end, or a failure. */
  private record Event(List<ByteBuffer> buffers, Optional<Throwable> failure) {
    static final Event END = new Event(List.of(), Optional.empty());

    long length() {
      return buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    boolean isEnd() {
      return buffers.isEmpty() && failure.isEmpty();
    }
  }

  private final Duration stall;
  private final long slowest;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>(); // the reader's alone
  private boolean ended; // the reader's alone
  private long waited; // nanoseconds since the rate was last looked at; the reader's alone
  private long came; // bytes since then; the reader's alone

  /**
   * A body.
   *
   * @param slowest bytes per second that must come over each {@code stall} of waiting
   */
  HttpBody(Duration stall, long slowest) {
    this.stall = stall;
    this.slowest = slowest;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Event(List.copyOf(buffers), Optional.empty()));
  }

  @Override
  public void onError(Throwable failure) {
    events.add(new Event(List.of(), Optional.of(failure)));
  }

  @Override
  public void onComplete() {
    events.add(Event.END);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    ByteBuffer next = next();
    if (next == null) {
      return -1;
    }
    int count = Math.min(length, next.remaining());
    next.get(target, offset, count);
    return count;
  }

  /** Lets the connection go, whether or not all was read. */
  @Override
  public void close() {
    subscription.thenAccept(Flow.Subscription::cancel);
  }

  private @Nullable ByteBuffer next() throws IOException {
    while (!ended) {
      ByteBuffer first = waiting.peek();
      if (first != null && first.hasRemaining()) {
        return first;
      }
      if (first != null) {
        waiting.remove();
      } else {
        take();
      }
    }
    return null;
  }

  private void take() throws IOException {
    Event event = await();
    if (event.failure().isPresent()) {
      Throwable cause = event.failure().get();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
    if (event.isEnd()) {
      ended = true;
    } else {
      checkRate(event.length());
      waiting.addAll(event.buffers());
      subscription.join().request(1);
    }
  }

  private void checkRate(long length) throws IOException {
    came += length;
    if (waited >= stall.toNanos()) {
      if (came < slowest * stall.toMillis() / 1000) {
        throw new IOException(
            "only " + came + " bytes came in " + waited / 1_000_000_000 + " s of waiting");
      }
      waited = 0;
      came = 0;
    }
  }

  private Event await() throws IOException {
    long start = System.nanoTime();
    try {
      Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new IOException("nothing came for " + stall.toSeconds() + " s");
      }
      waited += System.nanoTime() - start;
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
