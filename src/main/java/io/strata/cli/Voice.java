package io.strata.cli;

import io.strata.sync.SyncListener;
import java.io.PrintWriter;

/**
 * What a verb says on stderr, between the progress bar's lines.
 *
 * @param bar the progress
 * @param err where lines go
 * @param quiet whether only what went wrong is said
 */
record Voice(Progress bar, PrintWriter err, boolean quiet) implements SyncListener {
  @Override
  public void progress(String phase, long done, long total) {
    bar.update(phase, done, total);
  }

  @Override
  public void warning(String text) {
    say("warning: " + text);
  }

  @Override
  public void note(String text) {
    if (!quiet) {
      say(text);
    }
  }

  /** Says what failed. */
  void failure(String text) {
    say(text);
  }

  /** Takes the progress bar away. */
  void end() {
    bar.close();
  }

  private void say(String text) {
    bar.close();
    err.println("strata: " + text);
    err.flush();
  }
}
