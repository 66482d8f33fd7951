package io.strata.squashfs;

/** Hears how a verification goes. Called by one thread at a time. */
public interface VerifyListener {
  /**
   * Something was read.
   *
   * @param done compressed bytes of file data so far
   * @param total about how many there are; {@code done} ends near it
   */
  void progress(long done, long total);

  /** Something is damaged; the verification goes on. */
  void problem(ImageProblem problem);
}
