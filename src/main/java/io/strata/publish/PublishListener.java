package io.strata.publish;

/** Is told how a publication goes. Called by any thread, but by one at a time. */
public interface PublishListener {
  /** What is being done, in this order; the last three for each delta. */
  enum Step {
    /** Making the image; counted in blocks. */
    IMAGE,
    /** Taking the digests of the image's blocks; 0 of 1, then 1 of 1. */
    BLOCK_INDEX,
    /** Choosing what the delta lists; counted in blocks. */
    DELTA_BLOCKS,
    /** Making the delta; 0 of 1, then 1 of 1. */
    DELTA,
    /** Applying the delta to see that the image comes out; counted in bytes, then in blocks. */
    PROOF
  }

  /** Listens to nothing. */
  PublishListener NONE =
      new PublishListener() {
        @Override
        public void progress(Step step, long done, long total) {}

        @Override
        public void note(String line) {}
      };

  /**
   * So much is done.
   *
   * @param total how much the step is; 0 where nobody knows yet
   */
  void progress(Step step, long done, long total);

  /** Something that the user should know, and that stops nothing: one line. */
  void note(String line);
}
