package io.strata.fuse.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel lets this process do, read from /proc. */
final class Privileges {
  private static final int CAP_SYS_ADMIN = 21; // linux/capability.h

  private Privileges() {}

  /**
   * Whether this process has CAP_SYS_ADMIN in the first user namespace, which FUSE_PASSTHROUGH
   * takes.
   */
  static boolean administrator() {
    try {
      return hasCapability(Files.readAllLines(Path.of("/proc/self/status")))
          && isWholeMap(Files.readString(Path.of("/proc/self/uid_map")));
    } catch (IOException e) {
      return false; // without /proc, rather not
    }
  }

  static boolean hasCapability(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> line.substring("CapEff:".length()).strip())
        .anyMatch(hex -> (Long.parseUnsignedLong(hex, 16) >>> CAP_SYS_ADMIN & 1) == 1);
  }

  /** The first user namespace maps every user to itself. */
  static boolean isWholeMap(String map) {
    return map.strip().replaceAll("\\s+", " ").equals("0 0 4294967295");
  }
}
