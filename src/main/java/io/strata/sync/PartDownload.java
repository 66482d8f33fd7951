package io.strata.sync;

import io.strata.blocks.Part;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of one file of one mirror, with retries that go on where the one before stopped. What
 * does not have the digest it should have is thrown away. To be closed by whoever is through with
 * the mirror. For one thread.
 */
final class PartDownload implements AutoCloseable {
  /** Attempts that brought so much do not count as vain ones. */
  private static final long WORTH = 1 << 20;

  private static final int CHUNK = 1 << 16;

  private final Mirror mirror;
  private final String file;
  private final FileLimits limits;
  private final SyncListener listener;
  private final AtomicLong bytes;
  private final PartsAhead ahead;
  private final long start = System.nanoTime();
  private Optional<String> remark = Optional.empty();

  /**
   * A download.
   *
   * @param whole the length of the whole file
   * @param bytes counts what comes, also in vain
   */
  PartDownload(
      Mirror mirror,
      String file,
      long whole,
      FileLimits limits,
      SyncListener listener,
      AtomicLong bytes) {
    this.mirror = mirror;
    this.file = file;
    this.ahead = new PartsAhead(mirror, file, whole);
    this.limits = limits;
    this.listener = listener;
    this.bytes = bytes;
  }

  Mirror mirror() {
    return mirror;
  }

  /** What the mirror did strangely when it was asked last. */
  Optional<String> remark() {
    return remark;
  }

  URI address() {
    return mirror.address(file);
  }

  /** What a mirror gives is not what the block index says. */
  static final class WrongPartException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongPartException(String message) {
      super(message);
    }
  }

  /**
   * Reads what is missing of some parts.
   *
   * @param next what is wanted after them, in order
   * @param progress is told how many bytes came, each time
   * @throws MirrorException if the mirror does not give them
   * @throws SyncException if interrupted
   * @throws IOException if they can't be written
   */
  void go(PartWriter parts, List<RangePlan.Fetch> next, LongConsumer progress)
      throws MirrorException, WrongPartException, SyncException, IOException {
    int attempt = 1;
    while (parts.next() < parts.end()) {
      long before = parts.next();
      try {
        once(parts, next, progress);
      } catch (MirrorException e) {
        attempt = parts.next() - before >= WORTH ? 1 : attempt;
        if (!e.isPassing() || attempt >= mirror.retries().attempts()) {
          throw e;
        }
        pause(attempt, e, parts.next());
        attempt++;
      }
    }
  }

  private void once(PartWriter parts, List<RangePlan.Fetch> next, LongConsumer progress)
      throws MirrorException, WrongPartException, IOException {
    long from = parts.next();
    try (Mirror.Body body = ahead.open(from, parts.end() - from)) {
      remark = body.remark();
      ahead.order(next);
      parts.begin();
      byte[] chunk = new byte[CHUNK];
      while (parts.next() < parts.end()) {
        int wanted = (int) Math.min(chunk.length, parts.end() - parts.next());
        int count = read(body.stream(), chunk, wanted, parts.next());
        bytes.addAndGet(count);
        checkTime();
        PartWriter.Wrong wrong = parts.add(chunk, count);
        if (wrong != null) {
          throw wrong(wrong);
        }
        progress.accept(count);
      }
      finish(body.stream());
    }
  }

  private int read(InputStream in, byte[] chunk, int wanted, long at) throws MirrorException {
    int count;
    try {
      count = in.read(chunk, 0, wanted);
    } catch (IOException e) {
      throw passing("the download broke off: " + e.getMessage(), e);
    }
    if (count < 0) {
      throw passing("the part that was asked for ended before its time, at byte " + at, null);
    }
    return count;
  }

  /** So that the connection may serve again; what else comes does not count. */
  static void finish(InputStream in) {
    try {
      if (in.read() >= 0) {
        in.close();
      }
    } catch (IOException e) {
      return;
    }
  }

  private MirrorException passing(String what, @Nullable IOException e) {
    return new MirrorException(MirrorException.Kind.PASSING, address() + ": " + what, e);
  }

  /** A part from two answers may be of two files; from one it is the mirror's fault. */
  private WrongPartException wrong(PartWriter.Wrong wrong) throws MirrorException {
    Part part = wrong.part();
    String where = "bytes " + part.offset() + " to " + (part.end() - 1);
    String what = where + " are not what the block index says";
    if (wrong.mixed()) {
      throw passing(what, null);
    }
    return new WrongPartException(address() + ": " + what);
  }

  private void checkTime() throws MirrorException {
    if (Duration.ofNanos(System.nanoTime() - start).compareTo(limits.longest()) > 0) {
      throw new MirrorException(
          MirrorException.Kind.REFUSED,
          address()
              + ": its parts are not here after "
              + limits.longest().toMinutes()
              + " minutes; the next sync goes on from here, or use another mirror",
          null);
    }
  }

  private void pause(int attempt, MirrorException e, long at) throws SyncException {
    Duration pause = mirror.retries().before(attempt, e.later());
    listener.progress(e.getMessage() + "; trying again from byte " + at, 0, 0);
    mirror.retries().pause(pause);
  }

  /** Lets all connections go. */
  @Override
  public void close() {
    bytes.addAndGet(ahead.drop());
  }
}
