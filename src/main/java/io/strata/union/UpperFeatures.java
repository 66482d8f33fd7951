package io.strata.union;

/**
 * Which parts of the upper's format may be used, as overlayfs's mount options of the same names
 * say: for an upper that a program shall read later which knows less.
 *
 * @param redirectDir whether moved directories leave a redirect, and whether redirects count
 * @param metacopy whether large files are copied up without data; what is there already is read
 *     either way
 */
public record UpperFeatures(RedirectDir redirectDir, boolean metacopy) {
  /** All that the format has. */
  public static final UpperFeatures ALL = new UpperFeatures(RedirectDir.ON, true);

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

  boolean followsRedirects() {
    return redirectDir != RedirectDir.NOFOLLOW;
  }
}
