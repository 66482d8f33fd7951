package io.strata.delta;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.concurrent.Callable;

/** Digests a file while it is being made, as far as it is whole. */
final class FollowingDigest implements Callable<Boolean> {
  private static final int CHUNK = 1 << 18;

  private final StagedImage staged;
  private final WholePart whole;
  private final MessageDigest digest;

  FollowingDigest(StagedImage staged, WholePart whole, MessageDigest digest) {
    this.staged = staged;
    this.whole = whole;
    this.digest = digest;
  }

  /** Follows to the end of the file, or to where nothing more comes; says whether it is the end. */
  @Override
  public Boolean call() throws IOException, InterruptedException {
    byte[] chunk = new byte[CHUNK];
    digest.reset();
    long done = 0;
    while (done < staged.length()) {
      long until = whole.awaitMore(done);
      if (until == done) {
        return false;
      }
      while (done < until) {
        int n = (int) Math.min(CHUNK, until - done);
        staged.read(done, chunk, n);
        digest.update(chunk, 0, n);
        done += n;
      }
    }
    return true;
  }
}
