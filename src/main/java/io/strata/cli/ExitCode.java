package io.strata.cli;

/** How a run of the program ends; a script may rely on these. The manual lists them. */
public enum ExitCode {
  /** Done. */
  DONE(0, "done"),
  /** The command line or the configuration is wrong; nothing was tried. */
  USAGE(1, "usage or configuration"),
  /** The index is malformed, or names what it should not. */
  INDEX(2, "index"),
  /** The index is not signed by whom it should be, or is older than one accepted before. */
  SIGNATURE(3, "signature or freshness"),
  /** A mirror can't be reached, lacks a file, or sends another one. */
  DOWNLOAD(4, "download"),
  /** A delta is malformed, or can't be applied here. */
  DELTA(5, "delta"),
  /** An image is damaged, truncated, or none. */
  IMAGE(6, "image"),
  /** A mount can't be made, found or ended. */
  MOUNT(7, "mount"),
  /** Somebody uses what must be free: a mount, an upper layer, a repository. */
  BUSY(8, "busy"),
  /** A disk is full. */
  NO_SPACE(9, "no space"),
  /** A local file can't be read or written. */
  FILE(10, "local file"),
  /** A publication can't be made. */
  PUBLISH(11, "publish"),
  /** A program that runs after a switch failed; the switch is done. */
  HOOK(12, "hook"),
  /** A fault of the program itself. */
  INTERNAL(70, "internal fault");

  private final int code;
  private final String words;

  ExitCode(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** What the process exits with. */
  public int code() {
    return code;
  }

  /** What the manual calls it. */
  public String words() {
    return words;
  }
}
