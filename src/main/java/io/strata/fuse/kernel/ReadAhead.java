package io.strata.fuse.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How far the kernel reads ahead in a mount. INIT can only lower it from 128 KiB; root can raise it
 * in /sys, so that sequential readers come with larger requests.
 */
final class ReadAhead {
  private static final String KILOBYTES = "256";

  private ReadAhead() {}

  /** Raises it for the mount on {@code mountPoint}, if that can be. */
  static void raise(Path mountPoint) {
    try {
      String mounts =
          Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1);
      Optional<String> device = device(mounts, mountPoint);
      if (device.isPresent()) {
        Path knob = Path.of("/sys/class/bdi", device.get(), "read_ahead_kb");
        Files.writeString(knob, KILOBYTES);
      }
    } catch (IOException e) {
      // it stays as it is, which is slower but no failure
    }
  }

  /**
   * The device number, as {@code 0:39}, of what was mounted last on {@code mountPoint}.
   *
   * @param mounts as proc_pid_mountinfo(5): ID, parent, device, root, mount point...
   */
  static Optional<String> device(String mounts, Path mountPoint) {
    String escaped = escape(MountPoint.bytes(mountPoint));
    return mounts
        .lines()
        .map(line -> line.split(" "))
        .filter(fields -> fields.length > 4 && fields[4].equals(escaped))
        .map(fields -> fields[2])
        .reduce((first, last) -> last);
  }

  /** As the kernel writes names: space, tab, newline and backslash in octal. */
  private static String escape(byte[] path) {
    return new String(path, StandardCharsets.ISO_8859_1)
        .replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012");
  }
}
