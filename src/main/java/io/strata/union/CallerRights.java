package io.strata.union;

import io.strata.fuse.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a caller may do beyond what a request tells of it: the protocol names one group and no
 * capability. Read from {@code /proc/PID/status} (proc_pid_status(5)), so only for what is rare.
 */
final class CallerRights {
  private static final int CAP_FSETID = 4; // linux/capability.h

  private CallerRights() {}

  /**
   * Whether a file of {@code group} may keep its setgid bit when the caller makes or changes it:
   * the rule of in_group_or_capable() in fs/inode.c.
   */
  static boolean mayKeepSetgid(Request request, int group) {
    return request.gid() == group || (request.pid() > 0 && allowed(statusOf(request.pid()), group));
  }

  private static String statusOf(int pid) {
    try {
      byte[] status = Files.readAllBytes(Path.of("/proc/" + pid + "/status"));
      return new String(status, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // ended, or hidden: no more rights than the request says
    }
  }

  /** Whether a process with this status is in the group, or may set the bit all the same. */
  static boolean allowed(String status, int group) {
    String number = Integer.toUnsignedString(group);
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("Groups:")) {
        for (String word : line.substring("Groups:".length()).trim().split("\\s+", -1)) {
          if (word.equals(number)) {
            return true;
          }
        }
      } else if (line.startsWith("CapEff:")) {
        long capabilities = Long.parseUnsignedLong(line.substring("CapEff:".length()).trim(), 16);
        if ((capabilities >>> CAP_FSETID & 1) != 0) {
          return true;
        }
      }
    }
    return false;
  }
}
