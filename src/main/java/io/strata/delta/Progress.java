package io.strata.delta;

/** Counts what several threads have done, and tells the listener of each hundredth part. */
public final class Progress {
  private final ProgressListener listener;
  private final ProgressListener.Step step;
  private final long total;
  private long done; // guarded by this

  /** At the beginning of a step of so many units. */
  public Progress(ProgressListener listener, ProgressListener.Step step, long total) {
    this.listener = listener;
    this.step = step;
    this.total = total;
  }

  void step() {
    add(1);
  }

  /** So many more are done; for any thread. */
  public synchronized void add(long count) {
    long part = Math.max(total / 100, 1);
    boolean next = done / part != (done + count) / part;
    done += count;
    if (next || done == total) {
      listener.progress(step, done, total);
    }
  }
}
