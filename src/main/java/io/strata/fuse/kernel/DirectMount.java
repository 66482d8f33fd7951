package io.strata.fuse.kernel;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.MountCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Mounts with mount(2), for who has CAP_SYS_ADMIN. */
final class DirectMount implements Mounter {
  private final Posix posix;

  DirectMount(Posix posix) {
    this.posix = posix;
  }

  @Override
  public int mount(MountOptions options, int type) throws FuseMountException {
    int device = openDevice();
    try {
      posix
          .mounts()
          .mount(
              options.source().getBytes(StandardCharsets.UTF_8),
              MountPoint.bytes(options.mountPoint()),
              "fuse." + options.subtype(),
              flags(options),
              data(options, type, device));
      return device;
    } catch (ErrnoException e) {
      posix.files().close(device);
      throw refused(options, e.errno());
    }
  }

  private int openDevice() throws FuseMountException {
    try {
      return posix.names().open(NameCalls.AT_FDCWD, Device.PATH, NameCalls.O_RDWR, 0);
    } catch (ErrnoException e) {
      String wayOut =
          switch (e.errno()) {
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
                "load the kernel's fuse module (modprobe fuse), or give the container /dev/fuse";
            case Errno.EACCES, Errno.EPERM -> "its mode or the container forbids it";
            default -> "see dmesg";
          };
      String message = "can't open /dev/fuse: " + e.getMessage() + "; " + wayOut;
      throw new FuseMountException(e.errno(), message);
    }
  }

  private static long flags(MountOptions options) {
    return (options.has(Flag.READ_ONLY) ? MountCalls.MS_RDONLY : 0)
        | (options.has(Flag.NOSUID) ? MountCalls.MS_NOSUID : 0)
        | (options.has(Flag.NODEV) ? MountCalls.MS_NODEV : 0)
        | (options.has(Flag.NOEXEC) ? MountCalls.MS_NOEXEC : 0)
        | (options.has(Flag.NOATIME) ? MountCalls.MS_NOATIME : 0);
  }

  private String data(MountOptions options, int type, int device) {
    return "fd="
        + device
        + ",rootmode="
        + Integer.toOctalString(type)
        + ",user_id="
        + posix.processes().effectiveUser()
        + ",group_id="
        + posix.processes().effectiveGroup()
        + ",default_permissions"
        + (options.has(Flag.ALLOW_OTHER) ? ",allow_other" : "")
        + ",max_read="
        + Exchange.MAX_TRANSFER;
  }

  private static FuseMountException refused(MountOptions options, int errno) {
    String wayOut =
        switch (errno) {
          case Errno.EPERM, Errno.EACCES -> "; CAP_SYS_ADMIN is needed";
          case Errno.ENODEV -> "; load the kernel's fuse module (modprobe fuse)";
          case Errno.EBUSY -> "; the mount point is in use";
          default -> "";
        };
    String what = "can't mount on " + options.mountPoint() + ": " + Errno.describe(errno);
    return new FuseMountException(errno, what + wayOut);
  }

  @Override
  public void unmount(Path mountPoint, boolean lazily) throws FuseMountException {
    try {
      int flags = MountCalls.UMOUNT_NOFOLLOW | (lazily ? MountCalls.MNT_DETACH : 0);
      posix.mounts().unmount(MountPoint.bytes(mountPoint), flags);
    } catch (ErrnoException e) {
      String message = "can't unmount " + mountPoint + ": " + e.getMessage();
      throw new FuseMountException(e.errno(), message);
    }
  }
}
