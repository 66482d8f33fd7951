package io.strata.fuse.kernel;

import io.strata.fuse.Features;
import io.strata.fuse.FileSystem;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.fuse.Statistics;
import io.strata.posix.Posix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A mount that a crew serves. Thread-safe. */
final class KernelSession implements Session {
  private final Path mountPoint;
  private final Mounter mounter;
  private final Crew crew;
  private final Notifications notifications;
  private final CountDownLatch end;

  private KernelSession(
      Path mountPoint,
      Mounter mounter,
      Crew crew,
      Notifications notifications,
      CountDownLatch end) {
    this.mountPoint = mountPoint;
    this.mounter = mounter;
    this.crew = crew;
    this.notifications = notifications;
    this.end = end;
  }

  /** Agrees with the kernel, starts the file system, and then the threads. */
  static KernelSession serve(
      Posix posix,
      FileSystem fileSystem,
      MountOptions options,
      int threads,
      Mounter mounter,
      Device device)
      throws FuseMountException {
    Features features = fileSystem.features();
    boolean mayPassThrough = features.passthrough() && Privileges.administrator();
    Agreement agreement = new Handshake(device).perform(features, mayPassThrough);
    boolean passthrough = agreement.has(InitFlags.FUSE_PASSTHROUGH);
    BackingFiles backing = new BackingFiles(posix.files(), device.descriptor(), passthrough);
    Interrupts interrupts = new Interrupts();
    Dispatcher dispatcher = new Dispatcher(fileSystem, agreement, backing, interrupts);
    CountDownLatch end = new CountDownLatch(1);
    String name = "fuse " + options.mountPoint().getFileName();
    boolean timed = options.has(Flag.TIMED);
    Crew crew =
        new Crew(device, dispatcher, interrupts, name, threads, timed, () -> stop(fileSystem, end));
    Notifications notifications = new Notifications(device, agreement);
    fileSystem.start(notifications);
    try {
      crew.start();
    } catch (RuntimeException | Error e) {
      fileSystem.stop();
      throw e;
    }
    return new KernelSession(options.mountPoint(), mounter, crew, notifications, end);
  }

  private static void stop(FileSystem fileSystem, CountDownLatch end) {
    try {
      fileSystem.stop();
    } finally {
      end.countDown();
    }
  }

  @Override
  public Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    end.await();
  }

  @Override
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return end.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean ended() {
    return end.getCount() == 0;
  }

  @Override
  public void detachUnused() throws FuseMountException {
    if (!ended()) {
      mounter.unmount(mountPoint, false);
    }
  }

  @Override
  public void unmountLazily() throws FuseMountException {
    if (!ended()) {
      mounter.unmount(mountPoint, true);
    }
  }

  @Override
  public Statistics statistics() {
    return crew.counters().statistics(Opcode::name, notifications.sent());
  }
}
