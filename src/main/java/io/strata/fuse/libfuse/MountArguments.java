package io.strata.fuse.libfuse;

import io.strata.fuse.Features;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** What libfuse is told on its command line, as {@code fuse_mount} and {@code fuse_new} take it. */
final class MountArguments {
  /** A year in milliseconds: nothing changes on a read-only mount. */
  private static final long LONG = 31_536_000_000L;

  private MountArguments() {}

  /** The argument of {@code -o}. */
  static String options(MountOptions options, Features features, boolean root) {
    StringBuilder text = new StringBuilder("default_permissions,use_ino,nonempty,big_writes");
    text.append(",fsname=").append(escaped(options.source()));
    text.append(",subtype=").append(options.subtype());
    text.append(options.has(Flag.READ_ONLY) ? ",ro" : ",rw");
    append(text, options.has(Flag.ALLOW_OTHER), ",allow_other");
    append(text, options.has(Flag.NOEXEC), ",noexec");
    append(text, options.has(Flag.NOATIME), ",noatime");
    append(text, options.has(Flag.NOSUID), ",nosuid");
    append(text, options.has(Flag.NODEV), ",nodev");
    append(text, root && !options.has(Flag.NOSUID), ",suid"); // libfuse's own default is nosuid
    append(text, root && !options.has(Flag.NODEV), ",dev");
    text.append(lifetimes(features));
    return text.toString();
  }

  private static String lifetimes(Features features) {
    if (!features.readOnly()) {
      return ",entry_timeout=1,attr_timeout=0,negative_timeout=0";
    }
    long millis = Math.min(features.lifetime() / 1_000_000, LONG);
    String seconds = millis / 1000 + "." + String.format("%03d", millis % 1000);
    return ",entry_timeout="
        + seconds
        + ",attr_timeout="
        + seconds
        + ",negative_timeout="
        + seconds;
  }

  private static void append(StringBuilder text, boolean wanted, String option) {
    if (wanted) {
      text.append(option);
    }
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,");
  }

  /**
   * A {@code struct fuse_args} (fuse_opt.h): int argc at 0, char **argv at 8, int allocated at 16.
   */
  static MemorySegment lay(Arena arena, String options) {
    MemorySegment argv = arena.allocate(ValueLayout.JAVA_LONG, 4);
    argv.setAtIndex(ValueLayout.JAVA_LONG, 0, arena.allocateFrom("strata").address());
    argv.setAtIndex(ValueLayout.JAVA_LONG, 1, arena.allocateFrom("-o").address());
    argv.setAtIndex(
        ValueLayout.JAVA_LONG, 2, arena.allocateFrom(options, StandardCharsets.UTF_8).address());
    MemorySegment arguments = arena.allocate(24, 8);
    arguments.set(ValueLayout.JAVA_INT, 0, 3);
    arguments.set(ValueLayout.JAVA_LONG, 8, argv.address());
    return arguments;
  }
}
