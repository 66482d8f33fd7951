package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.store.Lease;
import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/** Puts the newest image together from one that is here and what is fetched by ranges. */
final class RangeRoute {
  private final LockedRepository repository;
  private final VerifiedIndex index;
  private final Sources sources;
  private final SyncListener listener;
  private final String file;
  private long fetched;

  RangeRoute(
      LockedRepository repository, VerifiedIndex index, Sources sources, SyncListener listener) {
    this.repository = repository;
    this.index = index;
    this.sources = sources;
    this.listener = listener;
    this.file = index.target().imageName();
  }

  /**
   * Makes the image, and verifies it.
   *
   * @return a temporary file
   * @throws WayException if this way leads nowhere
   */
  Path go(RangePlan plan) throws SyncException, WayException {
    Path image = repository.temporary("image");
    boolean done = false;
    try (Lease base = repository.store().lease(plan.base())) {
      make(plan, base.image(), image);
      done = true;
      return image;
    } catch (StoreException e) {
      SyncException gone = new SyncException(Failure.DELTA, String.valueOf(e.getMessage()), e);
      throw new WayException(BlockIndex.nameFor(file), gone);
    } catch (SyncException e) {
      throw new WayException(BlockIndex.nameFor(file), e);
    } finally {
      if (!done) {
        DeltaRoute.discard(image);
      }
    }
  }

  private void make(RangePlan plan, Path base, Path image) throws SyncException {
    Room room = new Room(repository.store().directory());
    room.check("the image " + file, plan.length());
    try (FileChannel from = FileChannel.open(base, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                image,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      for (RangePlan.Copy copy : plan.copies()) {
        copy(from, copy, to);
      }
      for (RangePlan.Fetch fetch : plan.fetches()) {
        fetch(fetch, plan.bytes(), to);
      }
    } catch (IOException e) {
      StoreException failure = repository.fault("cannot put the image together", image, e);
      throw room.failure(failure, "the image " + file, OptionalLong.of(plan.length()));
    }
    verify(image);
  }

  private void copy(FileChannel from, RangePlan.Copy copy, FileChannel to) throws IOException {
    to.position(copy.to());
    long done = 0;
    while (done < copy.length()) {
      long count = from.transferTo(copy.from() + done, copy.length() - done, to);
      if (count <= 0) {
        throw new IOException("the image before became shorter while it was read");
      }
      done += count;
    }
  }

  private void fetch(RangePlan.Fetch fetch, long total, FileChannel to)
      throws SyncException, IOException {
    sources.part(
        file,
        fetch.from(),
        fetch.length(),
        (bytes, count, offset) -> {
          ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
          long at = offset;
          while (rest.hasRemaining()) {
            at += to.write(rest, at);
          }
          fetched += count;
          listener.progress("downloading parts of " + file, fetched, total);
        });
  }

  private void verify(Path image) throws SyncException {
    String phase = "verifying " + file;
    try {
      String found = Sha512.of(image, (at, total) -> listener.progress(phase, at, total));
      if (!found.equals(index.sha512())) {
        throw new SyncException(
            Failure.DOWNLOAD,
            index.mirror().address(file)
                + ": put together from parts, its SHA-512 is not that of the index");
      }
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot read the image", image, e));
    }
  }
}
