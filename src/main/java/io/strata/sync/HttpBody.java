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
 * The body of an answer as a stream that fails when nothing comes for too long; the JDK's own waits
 * for ever. One thread reads it; the client's threads fill it.
 */
final class HttpBody extends InputStream implements BodySubscriber<InputStream> {

  /** What the client says: a few buffers, the end, or a failure. */
  private record Event(List<ByteBuffer> buffers, Optional<Throwable> failure) {
    static final Event END = new Event(List.of(), Optional.empty());

    boolean isEnd() {
      return buffers.isEmpty() && failure.isEmpty();
    }
  }

  private final Duration stall;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>(); // the reader's alone
  private boolean ended; // the reader's alone

  HttpBody(Duration stall) {
    this.stall = stall;
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
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
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
      waiting.addAll(event.buffers());
      subscription.join().request(1);
    }
  }

  private Event await() throws IOException {
    try {
      Event event = events.poll(stall.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new IOException("nothing came for " + stall.toSeconds() + " s");
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
