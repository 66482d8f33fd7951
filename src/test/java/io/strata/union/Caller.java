package io.strata.union;

import io.strata.fuse.Request;

/** Who asks, in a test. */
record Caller(int uid, int gid) implements Request {
  static final Caller ROOT = new Caller(0, 0);

  @Override
  public int pid() {
    return 1;
  }

  @Override
  public boolean interrupted() {
    return false;
  }

  @Override
  public void blocking() {}
}
