package io.strata.squashfs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * An image does not hold what its format, or its own superblock, says it should.
 *
 * <p>What was asked for is unreadable; the image stays open and the rest of it readable.
 */
public final class CorruptImageException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String image;
  private final String structure;
  private final long offset;
  private final String problem;

  CorruptImageException(Path image, String structure, long offset, String problem) {
    this(image, structure, offset, problem, "fetch or build the image again");
  }

  CorruptImageException(Path image, String structure, long offset, String problem, String advice) {
    super(image + ": " + structure + " at byte " + offset + ": " + problem + "; " + advice);
    this.image = image.toString();
    this.structure = structure;
    this.offset = offset;
    this.problem = problem;
  }

  /** The image, as it was named when opened. */
  public Path image() {
    return Path.of(image);
  }

  /** What is damaged, such as {@code "inode table"}. */
  public String structure() {
    return structure;
  }

  /** Where the damage lies, in bytes from the start of the image (not of a file around it). */
  public long offset() {
    return offset;
  }

  /** What is wrong, without the image's name and the advice. */
  public String problem() {
    return problem;
  }
}
