package io.strata.delta;

/** Counts steps of several threads, and tells the listener of each hundredth part. */
final class Progress {
  private final ProgressListener listener;
  private final ProgressListener.Step step;
  private final int total;
  private int done; // guarded by this

  Progress(ProgressListener listener, ProgressListener.Step step, int total) {
    this.listener = listener;
    this.step = step;
    this.total = total;
  }

  synchronized void restart() {
    done = 0;
  }

  synchronized void step() {
    done++;
    if (done == total || done % Math.max(total / 100, 1) == 0) {
      listener.progress(step, done, total);
    }
  }
}
