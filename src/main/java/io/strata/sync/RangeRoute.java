package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.store.Lease;
import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;

/**
 * Puts the newest image together from one that is here and what is fetched by ranges. What came
 * stays when this fails on the way, and the next sync goes on from there.
 */
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
  Path go(RangePlan plan) throws WayException {
    Unfinished image = Unfinished.of(repository.store(), index.target().repository(), plan.key());
    try (Lease base = repository.store().lease(plan.base())) {
      make(plan, base.image(), image);
      return image.file();
    } catch (StoreException e) {
      SyncException gone = new SyncException(Failure.DELTA, String.valueOf(e.getMessage()), e);
      throw new WayException(BlockIndex.nameFor(file), gone);
    } catch (SyncException e) {
      keepIfRoom(plan, image);
      throw new WayException(BlockIndex.nameFor(file), e);
    }
  }

  /** What came must not keep the whole image from coming. */
  private void keepIfRoom(RangePlan plan, Unfinished image) {
    if (new Room(repository.store().directory()).lack(file, plan.length()).isPresent()) {
      image.discard();
    }
  }

  private void make(RangePlan plan, Path base, Unfinished image) throws SyncException {
    Room room = new Room(repository.store().directory());
    room.check("the image " + file, plan.written());
    try {
      put(plan, base, image);
    } catch (IOException e) {
      StoreException failure = repository.fault("cannot put the image together", image.file(), e);
      image.discard(); // for the space that it takes is free then
      throw room.failure(failure, "the image " + file, OptionalLong.of(plan.length()));
    }
    verify(image);
  }

  private void put(RangePlan plan, Path base, Unfinished image) throws SyncException, IOException {
    try (PartSources mirrors = sources.parts(file, plan.length());
        FileChannel from = FileChannel.open(base, StandardOpenOption.READ);
        FileChannel to = image.open(plan.length())) {
      for (RangePlan.Copy copy : plan.copies()) {
        copy(from, copy, to);
      }
      fetch(plan, mirrors, to);
    }
  }

  private void fetch(RangePlan plan, PartSources mirrors, FileChannel to)
      throws SyncException, IOException {
    String phase = "downloading parts of " + file;
    long total = plan.bytes();
    List<RangePlan.Fetch> fetches = plan.fetches();
    for (int i = 0; i < fetches.size(); i++) {
      mirrors.fetch(
          new PartWriter(fetches.get(i).parts(), to),
          fetches.subList(i + 1, fetches.size()),
          count -> {
            fetched += count;
            listener.progress(phase, Math.min(fetched, total), total);
          });
    }
  }

  private static void copy(FileChannel from, RangePlan.Copy copy, FileChannel to)
      throws IOException {
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

  private void verify(Unfinished image) throws SyncException {
    String phase = "verifying " + file;
    try {
      String found = Sha512.of(image.file(), (at, total) -> listener.progress(phase, at, total));
      if (!found.equals(index.sha512())) {
        image.discard();
        throw new SyncException(
            Failure.DOWNLOAD,
            index.mirror().address(BlockIndex.nameFor(file))
                + ": the image that is put together by it does not have the SHA-512 of the index;"
                + " it is thrown away");
      }
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot read the image", image.file(), e));
    }
  }
}
