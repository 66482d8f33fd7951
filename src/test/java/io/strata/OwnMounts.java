package io.strata;

/** How scripts of tests begin that have a mount namespace of their own. */
public final class OwnMounts {
  /**
   * A command of the shell. Nobody else sees what is mounted after it; and what another test
   * process has mounted is left, for it would be kept alive here when that process unmounts it.
   */
  public static final String ALONE =
      "mount --make-rprivate / && { sed -n 's,^[^ ]* \\("
          + System.getProperty("java.io.tmpdir")
          + "/[^ ]*\\) .*,\\1,p' /proc/self/mounts | tac"
          + " | xargs -r -n 1 timeout 5 umount --lazy --no-canonicalize 2> /dev/null; true; }";

  private OwnMounts() {}
}
