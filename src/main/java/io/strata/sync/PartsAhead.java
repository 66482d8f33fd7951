package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Asks a mirror for parts of one file before their turn, so that the time from request to answer is
 * spent for several at once. Parts that are not small wait for their turn, since what comes early
 * is held in memory. One that the mirror refuses early is asked for again in its turn, and from
 * then on none is asked for early. To be ended by {@link #drop}. For one thread.
 */
final class PartsAhead {
  /** Requests at a time, the one whose turn it is included. */
  private static final int AT_ONCE = 4;

  /** The longest part that is asked for early, in bytes. */
  private static final int MAX_LENGTH = 1 << 20;

  private record Range(long from, long count) {}

  private final Mirror mirror;
  private final String file;
  private final long whole;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Range, Future<Early>> coming = new HashMap<>();
  private boolean willing = true;

  /** Asks for nothing yet; {@code whole} is the length of the whole file. */
  PartsAhead(Mirror mirror, String file, long whole) {
    this.mirror = mirror;
    this.file = file;
    this.whole = whole;
  }

  /** Opens a part: what came early, or else as {@link Mirror#part}. */
  Mirror.Body open(long from, long count) throws MirrorException {
    Future<Early> early = coming.remove(new Range(from, count));
    Early came = early == null ? null : taken(early);
    return came == null ? mirror.part(file, from, count, whole) : came.body(from, whole);
  }

  private @Nullable Early taken(Future<Early> early) throws MirrorException {
    try {
      return early.get();
    } catch (ExecutionException e) {
      willing = false;
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MirrorException(
          MirrorException.Kind.REFUSED, mirror.address(file) + ": interrupted", e);
    }
  }

  /** Asks for the first few of these, as far as that was not done. */
  void order(List<RangePlan.Fetch> next) {
    if (!willing) {
      return;
    }
    for (RangePlan.Fetch fetch : next.subList(0, Math.min(next.size(), AT_ONCE - 1))) {
      if (fetch.length() <= MAX_LENGTH) {
        Range range = new Range(fetch.from(), fetch.length());
        coming.computeIfAbsent(range, r -> threads.submit(() -> read(r)));
      }
    }
  }

  private Early read(Range range) throws MirrorException {
    try (Mirror.Body body = mirror.part(file, range.from(), range.count(), whole)) {
      byte[] bytes = new byte[(int) range.count()];
      Early early = new Early(bytes, body.validator(), body.remark());
      early.fill(body.stream());
      return early;
    } catch (IOException e) {
      throw new MirrorException(
          MirrorException.Kind.PASSING, mirror.address(file) + ": " + e.getMessage(), e);
    }
  }

  /** Lets all connections go. Gives how many bytes came that nobody took. */
  long drop() {
    threads.shutdownNow();
    threads.close();
    long bytes = 0;
    for (Future<Early> early : coming.values()) {
      bytes += early.state() == Future.State.SUCCESS ? early.resultNow().filled : 0;
    }
    coming.clear();
    return bytes;
  }

  /** What came of a part, and then what ended it, if that was before its end. */
  private static final class Early extends ChunkStream {
    private final byte[] bytes;
    private final Optional<String> validator;
    private final Optional<String> remark;
    private int filled;
    private int at;
    private @Nullable IOException end;

    Early(byte[] bytes, Optional<String> validator, Optional<String> remark) {
      this.bytes = bytes;
      this.validator = validator;
      this.remark = remark;
    }

    /** Reads up to the end, so that the connection may serve again. */
    void fill(InputStream in) {
      try {
        int count = in.read(bytes, 0, bytes.length);
        while (count > 0) {
          filled += count;
          count = in.read(bytes, filled, bytes.length - filled);
        }
        PartDownload.finish(in);
      } catch (IOException e) {
        end = e;
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = Math.min(length, filled - at);
      if (count == 0 && length > 0) {
        if (end != null) {
          throw end;
        }
        return -1;
      }
      System.arraycopy(bytes, at, target, offset, count);
      at += count;
      return count;
    }

    Mirror.Body body(long from, long whole) {
      return new Mirror.Body(this, from, OptionalLong.of(whole), validator, true, remark);
    }
  }
}
