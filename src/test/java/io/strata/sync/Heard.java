package io.strata.sync;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a sync said. */
final class Heard implements SyncListener {
  final List<String> phases = new CopyOnWriteArrayList<>();
  final List<String> warnings = new CopyOnWriteArrayList<>();
  final List<String> notes = new CopyOnWriteArrayList<>();

  @Override
  public void progress(String phase, long done, long total) {
    if (!phases.contains(phase)) {
      phases.add(phase);
    }
  }

  @Override
  public void warning(String text) {
    warnings.add(text);
  }

  @Override
  public void note(String text) {
    notes.add(text);
  }
}
