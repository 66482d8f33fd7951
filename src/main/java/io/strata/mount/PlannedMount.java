package io.strata.mount;

import io.strata.fuse.FileSystem;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.mount.MountException.Kind;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Mounts what a plan says, the way it says. */
record PlannedMount(Posix posix, MountPlan plan) {
  /** Mounts {@code fileSystem}, which is served from now on. */
  Session mount(FileSystem fileSystem) throws FuseMountException {
    return Transports.of(plan.transport(), posix).mount(fileSystem, options());
  }

  private MountOptions options() {
    MountWords words = plan.words();
    return MountOptions.readOnly(plan.mountPoint(), words.fsname().orElse(plan.source()))
        .with(Flag.READ_ONLY, plan.readOnly())
        .with(Flag.ALLOW_OTHER, words.allowOther().orElse(false))
        .with(Flag.NOSUID, words.nosuid())
        .with(Flag.NODEV, words.nodev())
        .with(Flag.NOEXEC, words.noexec())
        .with(Flag.NOATIME, words.noatime())
        .with(Flag.IO_URING, words.ioUring())
        .withThreads(plan.threads())
        .with(Flag.TIMED, words.stats());
  }

  /** That the mount answers. */
  void askRoot() throws MountException {
    try {
      byte[] path = plan.mountPoint().toString().getBytes(MountTable.fileNameCharset());
      posix.names().stat(NameCalls.AT_FDCWD, path, 0, new Stat());
    } catch (ErrnoException e) {
      throw new MountException(
          Kind.MOUNT,
          plan.mountPoint() + ": mounted, but its root does not answer: " + e.getMessage(),
          e);
    }
  }

  /** That nothing of ours is mounted there yet: another command may have been quicker. */
  void refuseSecond() throws MountException {
    String path = plan.mountPoint().toString();
    try {
      if (ours(path).isPresent()) {
        throw new MountException(
            Kind.MOUNT, path + ": already mounted; 'strata umount " + path + "' ends that");
      }
    } catch (IOException e) {
      throw new MountException(
          Kind.MOUNT, "/proc/self/mountinfo: cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether it is what an unmount of {@code mountPoint} takes: there may be something over it. */
  static boolean isOnTop(Path mountPoint) {
    try {
      return ours(mountPoint.toString()).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<MountPoint> ours(String path) throws IOException {
    return MountTable.read().at(path).filter(MountPoint::isStrata);
  }
}
