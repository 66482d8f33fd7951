package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Reads parts of files of one mirror, with retries that go on where the one before stopped. */
final class PartDownload {
  private static final int CHUNK = 1 << 17;

  private final Mirror mirror;
  private final AtomicLong bytes;

  /**
   * A download.
   *
   * @param bytes counts what comes, also in vain
   */
  PartDownload(Mirror mirror, AtomicLong bytes) {
    this.mirror = mirror;
    this.bytes = bytes;
  }

  /**
   * Reads one part.
   *
   * @throws MirrorException if the mirror does not give it
   * @throws SyncException if interrupted
   * @throws IOException if the sink fails
   */
  void go(String fileName, long from, long length, Sources.Sink sink)
      throws MirrorException, SyncException, IOException {
    long end = from + length;
    long at = from;
    int attempt = 1;
    while (at < end) {
      long before = at;
      try (InputStream in = mirror.part(fileName, at, end - at)) {
        at = copy(fileName, in, at, end, sink);
      } catch (MirrorException e) {
        if (!e.isPassing() || attempt >= mirror.retries().attempts()) {
          throw e;
        }
        mirror.retries().pause(mirror.retries().before(attempt, e.later()));
      }
      attempt = at > before ? 1 : attempt + 1;
      if (attempt > mirror.retries().attempts()) {
        throw new MirrorException(
            MirrorException.Kind.PASSING,
            mirror.address(fileName) + ": a part of it does not come; try again later",
            null);
      }
    }
  }

  /** Gives how far it came before the connection broke off. */
  private long copy(String fileName, InputStream in, long from, long end, Sources.Sink sink)
      throws MirrorException, IOException {
    byte[] chunk = new byte[CHUNK];
    long at = from;
    while (at < end) {
      int count;
      try {
        count = in.read(chunk, 0, (int) Math.min(chunk.length, end - at));
      } catch (IOException e) {
        return at;
      }
      if (count < 0) {
        return at;
      }
      bytes.addAndGet(count);
      sink.write(chunk, count, at);
      at += count;
    }
    if (in.read() >= 0) {
      throw new MirrorException(
          MirrorException.Kind.REFUSED,
          mirror.address(fileName) + ": more comes than the part that was asked for",
          null);
    }
    return at;
  }
}
