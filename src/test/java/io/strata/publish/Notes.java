package io.strata.publish;

import java.util.List;

/** Keeps what a publisher says, and hears nothing of how far it has come. */
record Notes(List<String> lines) implements PublishListener {
  @Override
  public void progress(Step step, long done, long total) {}

  @Override
  public void note(String line) {
    lines.add(line);
  }
}
