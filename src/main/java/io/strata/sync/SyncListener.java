package io.strata.sync;

/** Hears how a sync goes. Called by the thread that syncs, or by one that works for it. */
public interface SyncListener {

  /**
   * How far a phase has come.
   *
   * @param phase as {@code downloading guru-20260630.sqfs}
   * @param done bytes
   * @param total bytes; 0 where nobody knows
   */
  void progress(String phase, long done, long total);

  /** Something went another way than wished; the sync goes on. */
  void warning(String text);

  /** Something the user may want to know. */
  void note(String text);
}
