package io.strata.delta;

/** Is told how far a delta's application or making has come. */
@FunctionalInterface
public interface ProgressListener {
  /** What is being done, in the order in which it is done. */
  enum Step {
    /** Making the target, its blocks compressed again; counted in bytes of its expanded form. */
    APPLYING,
    /** Finding the blocks to list in a new delta; counted in blocks. */
    SELECTING,
    /** Making the patch of a new delta; not counted, 0 of 1 and then 1 of 1. */
    ENCODING
  }

  /** Listens to nothing. */
  ProgressListener NONE = (step, done, total) -> {};

  /**
   * So much is done. Called by any thread, but by one at a time.
   *
   * @param done how much of this step, 0 to {@code total}
   * @param total how much this step is
   */
  void progress(Step step, long done, long total);
}
