package io.strata.sync;

/**
 * What a person asks of one sync.
 *
 * @param verify whether images here are read and their digests compared even where size, time and
 *     inode say that nobody wrote to them since that was done
 * @param turn what is done while another process has the repository
 * @param older what becomes of an index that is older than the one accepted last
 */
public record SyncOptions(boolean verify, Turn turn, OlderIndex older) {
  /** A sync as the configuration has it. */
  public static final SyncOptions DEFAULT = new SyncOptions(false, Turn.WAIT, OlderIndex.REFUSED);

  /** The same, but images are verified anew. */
  public SyncOptions withVerify(boolean wanted) {
    return new SyncOptions(wanted, turn, older);
  }

  /** The same, but with this done while another process has the repository. */
  public SyncOptions withTurn(Turn wanted) {
    return new SyncOptions(verify, wanted, older);
  }

  /** The same, but with this done about older indexes. */
  public SyncOptions withOlder(OlderIndex wanted) {
    return new SyncOptions(verify, turn, wanted);
  }
}
