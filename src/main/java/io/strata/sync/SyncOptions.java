package io.strata.sync;

/**
 * What a person asks of one sync.
 *
 * @param verify whether images here are read and their digests compared even where size, time and
 *     inode say that nobody wrote to them since that was done
 * @param turn what is done while another process has the repository
 */
public record SyncOptions(boolean verify, Turn turn) {
  /** A sync as the configuration has it. */
  public static final SyncOptions DEFAULT = new SyncOptions(false, Turn.WAIT);

  /** The same, but images are verified anew. */
  public SyncOptions withVerify(boolean wanted) {
    return new SyncOptions(wanted, turn);
  }

  /** The same, but with this done while another process has the repository. */
  public SyncOptions withTurn(Turn wanted) {
    return new SyncOptions(verify, wanted);
  }
}
