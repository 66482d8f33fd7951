package io.strata.sync;

/**
 * What a person asks of one sync.
 *
 * @param verify whether images here are read and their digests compared even where size, time and
 *     inode say that nobody wrote to them since that was done
 */
public record SyncOptions(boolean verify) {
  /** A sync as the configuration has it. */
  public static final SyncOptions DEFAULT = new SyncOptions(false);

  /** The same, but images are verified anew. */
  public SyncOptions withVerify(boolean wanted) {
    return new SyncOptions(wanted);
  }
}
