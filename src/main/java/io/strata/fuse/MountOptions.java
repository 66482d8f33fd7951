package io.strata.fuse;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * How to mount. Immutable.
 *
 * @param mountPoint an existing directory (or file, if the root is one)
 * @param source what /proc/mounts and df show as the device: an image's path, a repository's name
 * @param subtype what is mounted, shown as {@code fuse.SUBTYPE}
 * @param flags what is asked for, each by its name; nothing else is
 * @param threads how many threads serve; 0 lets the transport choose
 */
public record MountOptions(
    Path mountPoint, String source, String subtype, Set<Flag> flags, int threads) {
  /** The subtype of Strata's mounts. */
  public static final String SUBTYPE = "strata";

  /** The most threads that can be asked for. */
  public static final int MAX_THREADS = 64;

  /** What is asked for, or not. */
  public enum Flag {
    /** Nobody can write (MS_RDONLY). */
    READ_ONLY,
    /**
     * Others than the user who mounts may enter; for a user, /etc/fuse.conf must hold {@code
     * user_allow_other}.
     */
    ALLOW_OTHER,
    /** Setuid bits and file capabilities do nothing (MS_NOSUID); always so for a user. */
    NOSUID,
    /** Device files do not open (MS_NODEV); always so for a user. */
    NODEV,
    /** Nothing can be executed (MS_NOEXEC). */
    NOEXEC,
    /** Times of access are not kept (MS_NOATIME). */
    NOATIME,
    /** How long each request takes is measured (see {@link Statistics.Operation#times}). */
    TIMED,
    /**
     * Requests come over io_uring: an error where the kernel does not offer it. Of the kernel's
     * protocol only; {@link #threads} then counts for nothing.
     */
    IO_URING
  }

  public MountOptions {
    if (threads < 0 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads: 0 to " + MAX_THREADS + ", not " + threads);
    }
    if (subtype.isEmpty() || !subtype.chars().allMatch(MountOptions::isWordCharacter)) {
      throw new IllegalArgumentException("subtype: letters, digits, - and _, not " + subtype);
    }
    flags = Set.copyOf(flags);
  }

  private static boolean isWordCharacter(int c) {
    return Character.isLetterOrDigit(c) && c < 128 || c == '-' || c == '_';
  }

  /** A read-only mount with nothing else asked for. */
  public static MountOptions readOnly(Path mountPoint, String source) {
    return new MountOptions(mountPoint, source, SUBTYPE, Set.of(Flag.READ_ONLY), 0);
  }

  /** A writable mount with nothing else asked for. */
  public static MountOptions writable(Path mountPoint, String source) {
    return new MountOptions(mountPoint, source, SUBTYPE, Set.of(), 0);
  }

  /** The same on another mount point. */
  public MountOptions at(Path place) {
    return new MountOptions(place, source, subtype, flags, threads);
  }

  /** The same where {@code flag} is asked for, or is not. */
  public MountOptions with(Flag flag, boolean asked) {
    Set<Flag> changed = EnumSet.noneOf(Flag.class);
    changed.addAll(flags);
    if (asked) {
      changed.add(flag);
    } else {
      changed.remove(flag);
    }
    return new MountOptions(mountPoint, source, subtype, changed, threads);
  }

  /** The same with another number of threads. */
  public MountOptions withThreads(int number) {
    return new MountOptions(mountPoint, source, subtype, flags, number);
  }

  /** Whether {@code flag} is asked for. */
  public boolean has(Flag flag) {
    return flags.contains(flag);
  }
}
