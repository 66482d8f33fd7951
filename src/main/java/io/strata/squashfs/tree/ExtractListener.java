package io.strata.squashfs.tree;

import java.io.IOException;

/** Is told how an extraction goes. */
public interface ExtractListener {
  /**
   * So many files are done.
   *
   * @param total how many the whole image has
   */
  void progress(long done, long total);

  /** A file is missing in the target, because of the image or of the target; the rest goes on. */
  void failed(ImagePath path, IOException why);

  /** A device was left out, which only root may make. */
  void skipped(ImagePath path, String why);
}
