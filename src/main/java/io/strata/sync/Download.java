package io.strata.sync;

import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings files of one mirror here, with retries, each of which goes on where the one before
 * stopped. Counts what it read, also in vain.
 */
final class Download {
  /** A connection that brought so much does not count as a vain attempt. */
  private static final long WORTH = 1 << 20;

  private static final int CHUNK = 1 << 17;

  private final Mirror mirror;
  private final FileLimits limits;
  private final SyncListener listener;
  private Optional<String> remark = Optional.empty();
  private long bytes;
  private long end; // of the time for the file that is on its way

  Download(Mirror mirror, FileLimits limits, SyncListener listener) {
    this.mirror = mirror;
    this.limits = limits;
    this.listener = listener;
  }

  /** All that was read so far, in bytes. */
  long bytes() {
    return bytes;
  }

  /** What the mirror did strangely when it was asked last. */
  Optional<String> remark() {
    return remark;
  }

  /** A small file, as a whole. */
  byte[] small(String fileName, int limit) throws SyncException {
    URI address = mirror.address(fileName);
    for (int attempt = 1; ; attempt++) {
      try (Mirror.Body body = mirror.open(fileName, Mirror.Resume.NOTHING)) {
        return small(address, body, limit);
      } catch (MirrorException e) {
        retry(attempt, e, 0);
      } catch (IOException e) {
        retry(attempt, brokeOff(address, e), 0);
      }
    }
  }

  private byte[] small(URI address, Mirror.Body body, int limit)
      throws SyncException, MirrorException, IOException {
    remark = body.remark();
    byte[] content = body.stream().readNBytes(limit + 1);
    bytes += content.length;
    if (content.length > limit) {
      throw new SyncException(
          Failure.DOWNLOAD, address + ": larger than " + limit + " bytes; is that a mirror?");
    }
    checkWhole(address, content.length, body.length());
    return content;
  }

  /**
   * All of a file that is missing in {@code partial}; whether it is right is not looked at.
   *
   * @param expected its length as the plan has it; more is never read
   * @throws MirrorException if the mirror does not give it; what came stays in {@code partial}
   * @throws SyncException if something here fails
   */
  void into(Partial partial, String fileName, OptionalLong expected, LockedRepository repository)
      throws MirrorException, SyncException {
    OptionalLong length = expected;
    int attempt = 1;
    end = System.nanoTime() + limits.longest().toNanos();
    while (true) {
      long before = partial.length();
      try {
        once(partial, fileName, length, new Room(repository.store().directory()), repository);
        return;
      } catch (MirrorException e) {
        attempt = partial.length() - before >= WORTH ? 1 : attempt;
        retryListed(attempt, e, partial.length());
        attempt++;
        // What the file is now; a length that changes with each look never fits.
        length = e.kind() == MirrorException.Kind.CHANGED ? look(fileName) : length;
      }
    }
  }

  private OptionalLong look(String fileName) throws MirrorException {
    return mirror.look(fileName).length();
  }

  private void once(
      Partial partial,
      String fileName,
      OptionalLong expected,
      Room room,
      LockedRepository repository)
      throws MirrorException, SyncException {
    URI address = mirror.address(fileName);
    try (Mirror.Body body = mirror.open(fileName, partial.resume(address))) {
      remark = body.remark();
      checkSame(address, partial, body, expected);
      OptionalLong length = body.length().isPresent() ? body.length() : expected;
      limits.check(address.toString(), length);
      checkRoom(address, length.orElse(body.from()) - body.from(), room);
      partial.begin(body, address);
      copy(fileName, body.stream(), partial, length, repository);
      checkWhole(address, partial.length(), length);
    } catch (IOException e) {
      throw brokeOff(address, e);
    } finally {
      close(partial);
    }
  }

  private void checkRoom(URI address, long bytes, Room room) throws MirrorException, SyncException {
    Optional<Obstacle> lack = room.lack(address.toString(), bytes);
    if (lack.isPresent() && limits.isIncredible(bytes)) {
      throw new MirrorException(
          MirrorException.Kind.REFUSED, FileLimits.incredible(lack.get()), null);
    }
    if (lack.isPresent()) {
      throw lack.get().toException();
    }
  }

  private static void checkSame(
      URI address, Partial partial, Mirror.Body body, OptionalLong expected)
      throws MirrorException, SyncException {
    if (body.from() > 0 && !partial.fits(body)) {
      partial.discard();
      throw changed(address + ": it has another length than when its beginning came");
    }
    if (expected.isPresent() && body.length().isPresent() && !expected.equals(body.length())) {
      throw changed(
          address
              + ": it has "
              + body.length().getAsLong()
              + " bytes, where the mirror said "
              + expected.getAsLong());
    }
  }

  private void copy(
      String fileName,
      InputStream in,
      Partial partial,
      OptionalLong length,
      LockedRepository repository)
      throws SyncException, IOException, MirrorException {
    byte[] chunk = new byte[CHUNK];
    long limit = length.orElse(limits.unsaid());
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      bytes += count;
      checkTime(fileName);
      if (partial.length() + count > limit) {
        partial.discard();
        throw new MirrorException(
            MirrorException.Kind.REFUSED,
            mirror.address(fileName)
                + ": it is longer than the "
                + limit
                + " bytes it may have, and is thrown away; use another mirror"
                + (length.isEmpty() ? ", or set sync-squashdelta-max-size" : ""),
            null);
      }
      try {
        partial.append(chunk, count);
      } catch (IOException e) {
        throw full(mirror.address(fileName), partial, length, repository, e);
      }
      listener.progress("downloading " + fileName, partial.length(), length.orElse(0));
    }
  }

  private void checkTime(String fileName) throws MirrorException {
    if (System.nanoTime() - end > 0) {
      throw new MirrorException(
          MirrorException.Kind.REFUSED,
          mirror.address(fileName)
              + ": it is not here after "
              + limits.longest().toMinutes()
              + " minutes; the next sync goes on from here, or use another mirror",
          null);
    }
  }

  private static SyncException full(
      URI address,
      Partial partial,
      OptionalLong length,
      LockedRepository repository,
      IOException cause)
      throws SyncException {
    StoreException failure =
        repository.fault("cannot write the download", repository.store().directory(), cause);
    // All of it, for the space that is taken by what came so far is free then.
    partial.discard();
    return new Room(repository.store().directory()).failure(failure, address.toString(), length);
  }

  private void retry(int attempt, MirrorException e, long from) throws SyncException {
    if (!e.isPassing() || attempt >= mirror.retries().attempts()) {
      throw new SyncException(Failure.DOWNLOAD, String.valueOf(e.getMessage()), e);
    }
    pause(attempt, e, from);
  }

  private void retryListed(int attempt, MirrorException e, long from)
      throws MirrorException, SyncException {
    if (!e.isPassing() || attempt >= mirror.retries().attempts()) {
      throw e;
    }
    pause(attempt, e, from);
  }

  private void pause(int attempt, MirrorException e, long from) throws SyncException {
    Duration pause = mirror.retries().before(attempt, e.later());
    listener.progress(
        e.getMessage()
            + "; trying again"
            + (from > 0 ? " from byte " + from : "")
            + (pause.isZero() ? "" : " in " + Math.max(1, pause.toSeconds()) + " s"),
        from,
        0);
    mirror.retries().pause(pause);
  }

  private static void checkWhole(URI address, long done, OptionalLong length)
      throws MirrorException {
    if (length.isPresent() && done != length.getAsLong()) {
      throw new MirrorException(
          MirrorException.Kind.PASSING,
          address + ": it ended after " + done + " of " + length.getAsLong() + " bytes",
          null);
    }
  }

  private static MirrorException changed(String message) {
    return new MirrorException(MirrorException.Kind.CHANGED, message, null);
  }

  private static MirrorException brokeOff(URI address, IOException e) {
    return new MirrorException(
        MirrorException.Kind.PASSING, address + ": the download broke off: " + e.getMessage(), e);
  }

  private static void close(Partial partial) {
    try {
      partial.close();
    } catch (IOException e) {
      // What was not written shows in the digest.
      return;
    }
  }
}
