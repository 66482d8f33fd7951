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
  private final Staff staff;
  private final Notifications notifications;
  private final CountDownLatch end;

  private KernelSession(
      Path mountPoint,
      Mounter mounter,
      Staff staff,
      Notifications notifications,
      CountDownLatch end) {
    this.mountPoint = mountPoint;
    this.mounter = mounter;
    this.staff = staff;
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
    Agreement agreement = agree(device, fileSystem.features(), options.has(Flag.IO_URING));
    boolean passthrough = agreement.has(InitFlags.FUSE_PASSTHROUGH);
    BackingFiles backing = new BackingFiles(posix.files(), device.descriptor(), passthrough);
    Interrupts interrupts = new Interrupts();
    Service service = new Service(new Dispatcher(fileSystem, agreement, backing, interrupts));
    CountDownLatch end = new CountDownLatch(1);
    String name = "fuse " + options.mountPoint().getFileName();
    Work work = new Work(service, interrupts, options.has(Flag.TIMED));
    Runnable atEnd = () -> stop(fileSystem, device, end);
    Staff staff =
        options.has(Flag.IO_URING)
            ? Staff.withRings(posix, device, work, name, atEnd)
            : Staff.ofDevice(posix, device, work, name, threads, atEnd);
    Notifications notifications = new Notifications(device, agreement);
    fileSystem.start(notifications);
    try {
      staff.start();
    } catch (FuseMountException | RuntimeException | Error e) {
      fileSystem.stop();
      throw e;
    }
    return new KernelSession(options.mountPoint(), mounter, staff, notifications, end);
  }

  private static Agreement agree(Device device, Features features, boolean ring)
      throws FuseMountException {
    boolean mayPassThrough = features.passthrough() && Privileges.administrator();
    Agreement agreement = new Handshake(device).perform(features, mayPassThrough, ring);
    if (ring && !agreement.has(InitFlags.FUSE_OVER_IO_URING)) {
      throw RingOffer.missing();
    }
    return agreement;
  }

  private static void stop(FileSystem fileSystem, Device device, CountDownLatch end) {
    device.close();
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
    return staff.counters().statistics(Opcode::name, notifications.sent());
  }
}
