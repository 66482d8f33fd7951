package io.strata.fuse.kernel;

import io.strata.fuse.FileSystem;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.fuse.Transport;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;

/**
 * Serves file systems by the protocol of /dev/fuse. Thread-safe.
 *
 * <p>Root mounts with mount(2), an ordinary user through fusermount3.
 */
public final class KernelTransport implements Transport {
  /** One listens, the other one stands by. More made it slower where there are two processors. */
  private static final int DEFAULT_THREADS = 2;

  private final Posix posix;

  public KernelTransport(Posix posix) {
    this.posix = posix;
  }

  @Override
  public Session mount(FileSystem fileSystem, MountOptions options) throws FuseMountException {
    MountPoint point = MountPoint.of(posix, options.mountPoint());
    if (options.has(Flag.IO_URING)) {
      RingOffer.check(posix);
    }
    boolean readOnly = options.has(Flag.READ_ONLY) || fileSystem.features().readOnly();
    MountOptions all = options.at(point.path()).with(Flag.READ_ONLY, readOnly);
    boolean root = posix.processes().effectiveUser() == 0;
    Mounter mounter = root ? new DirectMount(posix) : new FusermountMount(posix);
    Device device = mounted(mounter, all, point);
    try {
      Session session =
          KernelSession.serve(posix, fileSystem, all, threads(options), mounter, device);
      if (root) {
        ReadAhead.raise(point.path());
      }
      return session;
    } catch (FuseMountException | RuntimeException | Error e) {
      takeBack(mounter, point, device::close, e);
      throw e;
    }
  }

  private Device mounted(Mounter mounter, MountOptions options, MountPoint point)
      throws FuseMountException {
    int descriptor = mounter.mount(options, point.type());
    try {
      return new Device(posix, descriptor);
    } catch (ErrnoException e) {
      FuseMountException why =
          new FuseMountException(
              e.errno(),
              "can't mount on %s: the descriptor of /dev/fuse can't be used: %s; see dmesg"
                  .formatted(point.path(), e.getMessage()));
      takeBack(mounter, point, () -> posix.files().close(descriptor), why);
      throw why;
    }
  }

  private static void takeBack(Mounter mounter, MountPoint point, Runnable close, Throwable why) {
    try {
      mounter.unmount(point.path(), true);
    } catch (FuseMountException e) {
      why.addSuppressed(e);
    } finally {
      close.run();
    }
  }

  private static int threads(MountOptions options) {
    return options.threads() > 0 ? options.threads() : DEFAULT_THREADS;
  }
}
