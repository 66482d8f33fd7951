package io.strata.union;

/**
 * Which parts of the upper's format may be used, as overlayfs's mount options of the same names
 * say: for an upper that a program shall read later which knows less.
 *
 * @param redirectDir whether moved directories leave a redirect, and whether redirects count
 * @param metacopyAbove files of more than so many bytes are copied up without data; what is there
 *     already is read either way
 * @param userXattrs whether the marks are user.overlay.*, also where trusted.* could be set
 */
public record UpperFeatures(RedirectDir redirectDir, long metacopyAbove, boolean userXattrs) {
  /** Up to this many bytes are copied with the metadata: that is soon done, and once for all. */
  private static final long LARGE = 256 << 10;

  /** All that the format has. */
  public static final UpperFeatures ALL = new UpperFeatures(RedirectDir.ON, true);

  /** Copies up large files, or none, without their data. */
  public UpperFeatures(RedirectDir redirectDir, boolean metacopy) {
    this(redirectDir, metacopy ? LARGE : Long.MAX_VALUE, false);
  }

  /** The same, but even small files are copied up without their data. */
  public UpperFeatures withEveryMetacopy() {
    return new UpperFeatures(redirectDir, 0, userXattrs);
  }

  /** The same with marks that programs without privileges can read. */
  public UpperFeatures withUserXattrs() {
    return new UpperFeatures(redirectDir, metacopyAbove, true);
  }

  /** The option redirect_dir. */
  public enum RedirectDir {
    /** Redirects are made and followed. */
    ON,
    /** They are followed only: a directory that has something below can't be moved (EXDEV). */
    FOLLOW,
    /** Neither; where one is met, that is EPERM. */
    NOFOLLOW
  }

  boolean makesRedirects() {
    return redirectDir == RedirectDir.ON;
  }

  boolean makesMetacopies() {
    return metacopyAbove < Long.MAX_VALUE;
  }

  boolean followsRedirects() {
    return redirectDir != RedirectDir.NOFOLLOW;
  }
}
