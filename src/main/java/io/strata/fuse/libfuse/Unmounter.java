package io.strata.fuse.libfuse;

import io.strata.fuse.FuseMountException;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.MountCalls;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes a mount away: by umount2(2), or by fusermount for a user. Never lazily unasked. */
final class Unmounter {
  private static final List<String> HELPERS = List.of("fusermount3", "fusermount");

  private final Posix posix;
  private final Path mountPoint;

  Unmounter(Posix posix, Path mountPoint) {
    this.posix = posix;
    this.mountPoint = mountPoint;
  }

  /** Unmounts; a mount that is gone already is no error. */
  void unmount(boolean lazily) throws FuseMountException, InterruptedException {
    if (posix.processes().effectiveUser() != 0) {
      byHelper(lazily);
      return;
    }
    try {
      int flags = MountCalls.UMOUNT_NOFOLLOW | (lazily ? MountCalls.MNT_DETACH : 0);
      byte[] path = mountPoint.toString().getBytes(StandardCharsets.UTF_8);
      posix.mounts().unmount(path, flags);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EINVAL && e.errno() != Errno.ENOENT) {
        throw failed(e.errno(), e.getMessage());
      }
    }
  }

  private void byHelper(boolean lazily) throws FuseMountException, InterruptedException {
    IOException missing = null;
    for (String helper : HELPERS) {
      try {
        run(helper, lazily);
        return;
      } catch (IOException e) {
        missing = e;
      }
    }
    throw failed(Errno.ENOENT, "no fusermount; install the package fuse3: " + missing);
  }

  private void run(String helper, boolean lazily)
      throws IOException, FuseMountException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(helper, "-u"));
    if (lazily) {
      command.add("-z");
    }
    command.add("--");
    command.add(mountPoint.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String words =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0 && !words.contains("not found in /etc/mtab")) {
      throw failed(words.contains("busy") ? Errno.EBUSY : 0, words);
    }
  }

  private FuseMountException failed(int errno, String words) {
    return new FuseMountException(errno, "can't unmount " + mountPoint + ": " + words);
  }
}
