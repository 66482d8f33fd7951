package io.strata.mount;

import io.strata.union.DamageLog;
import java.util.HashSet;
import java.util.Set;

/**
 * Puts damage into the log of a server: a line for each, once, however often it is met, and only so
 * many of them: what reads a damaged image must not fill the disk. Thread-safe.
 */
final class DamageLines implements DamageLog {
  private static final int MOST = 1000;

  private final Log log;
  private final Set<String> said = new HashSet<>(); // guarded by this

  DamageLines(Log log) {
    this.log = log;
  }

  @Override
  public synchronized void damaged(String image, String damage) {
    if (said.size() == MOST || !said.add(image + ": " + damage)) {
      return;
    }
    log.line(image + ": " + damage);
    if (said.size() == MOST) {
      log.line("no more damage is written here; `strata image verify` lists all of it");
    }
  }
}
