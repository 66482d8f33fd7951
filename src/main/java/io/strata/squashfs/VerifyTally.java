package io.strata.squashfs;

import java.io.IOException;

/** Counts and passes on what a verification finds. Thread-safe; one lock, its own. */
final class VerifyTally {
  private static final long MAX_PROBLEMS = 10_000;
  private static final long PROGRESS_STEP = 1 << 20;

  private final VerifyListener listener;
  private final long total;
  private long directories;
  private long files;
  private long others;
  private long bytes;
  private long problems;
  private long stored;
  private long reported;

  VerifyTally(VerifyListener listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  synchronized void countDirectory() {
    directories++;
  }

  synchronized void countFile() {
    files++;
  }

  synchronized void countOther() {
    others++;
  }

  synchronized void countData(long decoded, long storedBytes) {
    bytes += decoded;
    stored += storedBytes;
    if (stored - reported >= PROGRESS_STEP) {
      reported = stored;
      listener.progress(Math.min(stored, total), total);
    }
  }

  /** Whether there is no sense in going on. */
  synchronized boolean isHopeless() {
    return problems >= MAX_PROBLEMS;
  }

  synchronized void problem(String path, IOException problem) {
    problems++;
    if (problem instanceof CorruptImageException corrupt) {
      listener.problem(
          new ImageProblem(
              path, corrupt.structure(), corrupt.offset(), corrupt.place(), corrupt.problem()));
    } else {
      String message = String.valueOf(problem.getMessage());
      listener.problem(new ImageProblem(path, "image", 0, "image", message));
    }
  }

  synchronized VerifyReport report() {
    listener.progress(total, total);
    boolean complete = problems < MAX_PROBLEMS;
    return new VerifyReport(directories, files, others, bytes, problems, complete);
  }
}
