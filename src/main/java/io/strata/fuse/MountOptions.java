package io.strata.fuse;

import java.nio.file.Path;

/**
 * How to mount.
 *
 * @param mountPoint an existing directory (or file, if the root is one)
 * @param source what /proc/mounts and df show as the device: an image's path, a repository's name
 * @param subtype what is mounted, shown as {@code fuse.SUBTYPE}
 * @param readOnly nobody can write (MS_RDONLY)
 * @param allowOther others than the user who mounts may enter; for a user, /etc/fuse.conf must hold
 *     {@code user_allow_other}
 * @param nosuid setuid bits and file capabilities do nothing (MS_NOSUID); always so for a user
 * @param nodev device files do not open (MS_NODEV); always so for a user
 * @param noexec nothing can be executed (MS_NOEXEC)
 * @param noatime times of access are not kept (MS_NOATIME)
 * @param threads how many threads serve; 0 lets the transport choose
 * @param timed how long each request takes is measured (see {@link Statistics.Operation#times})
 */
public record MountOptions(
    Path mountPoint,
    String source,
    String subtype,
    boolean readOnly,
    boolean allowOther,
    boolean nosuid,
    boolean nodev,
    boolean noexec,
    boolean noatime,
    int threads,
    boolean timed) {
  /** The subtype of Strata's mounts. */
  public static final String SUBTYPE = "strata";

  /** The most threads that can be asked for. */
  public static final int MAX_THREADS = 64;

  public MountOptions {
    if (threads < 0 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads: 0 to " + MAX_THREADS + ", not " + threads);
    }
    if (subtype.isEmpty() || !subtype.chars().allMatch(MountOptions::isWordCharacter)) {
      throw new IllegalArgumentException("subtype: letters, digits, - and _, not " + subtype);
    }
  }

  private static boolean isWordCharacter(int c) {
    return Character.isLetterOrDigit(c) && c < 128 || c == '-' || c == '_';
  }

  /** A read-only mount with nothing else asked for. */
  public static MountOptions readOnly(Path mountPoint, String source) {
    return plain(mountPoint, source, true);
  }

  /** A writable mount with nothing else asked for. */
  public static MountOptions writable(Path mountPoint, String source) {
    return plain(mountPoint, source, false);
  }

  private static MountOptions plain(Path mountPoint, String source, boolean readOnly) {
    return new MountOptions(
        mountPoint, source, SUBTYPE, readOnly, false, false, false, false, false, 0, false);
  }

  /** The same on another mount point. */
  public MountOptions at(Path place) {
    return new MountOptions(
        place,
        source,
        subtype,
        readOnly,
        allowOther,
        nosuid,
        nodev,
        noexec,
        noatime,
        threads,
        timed);
  }

  public MountOptions withReadOnly(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        value,
        allowOther,
        nosuid,
        nodev,
        noexec,
        noatime,
        threads,
        timed);
  }

  public MountOptions withAllowOther(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        value,
        nosuid,
        nodev,
        noexec,
        noatime,
        threads,
        timed);
  }

  public MountOptions withNosuid(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        allowOther,
        value,
        nodev,
        noexec,
        noatime,
        threads,
        timed);
  }

  public MountOptions withNodev(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        allowOther,
        nosuid,
        value,
        noexec,
        noatime,
        threads,
        timed);
  }

  public MountOptions withNoexec(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        allowOther,
        nosuid,
        nodev,
        value,
        noatime,
        threads,
        timed);
  }

  public MountOptions withNoatime(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        allowOther,
        nosuid,
        nodev,
        noexec,
        value,
        threads,
        timed);
  }

  public MountOptions withThreads(int value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        allowOther,
        nosuid,
        nodev,
        noexec,
        noatime,
        value,
        timed);
  }

  public MountOptions withTimed(boolean value) {
    return new MountOptions(
        mountPoint,
        source,
        subtype,
        readOnly,
        allowOther,
        nosuid,
        nodev,
        noexec,
        noatime,
        threads,
        value);
  }
}
