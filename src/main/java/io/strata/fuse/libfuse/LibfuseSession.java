package io.strata.fuse.libfuse;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.Session;
import io.strata.fuse.Statistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A mount that libfuse serves. */
final class LibfuseSession implements Session {
  private final Path mountPoint;
  private final Tally tally;
  private final Unmounter unmounter;
  private final CountDownLatch ended;

  LibfuseSession(Path mountPoint, Tally tally, Unmounter unmounter, CountDownLatch ended) {
    this.mountPoint = mountPoint;
    this.tally = tally;
    this.unmounter = unmounter;
    this.ended = ended;
  }

  @Override
  public Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean ended() {
    return ended.getCount() == 0;
  }

  @Override
  public void detachUnused() throws FuseMountException, InterruptedException {
    if (!ended()) {
      unmounter.unmount(false);
    }
  }

  @Override
  public void unmountLazily() throws FuseMountException, InterruptedException {
    if (!ended()) {
      unmounter.unmount(true);
    }
  }

  @Override
  public Statistics statistics() {
    return tally.statistics();
  }
}
