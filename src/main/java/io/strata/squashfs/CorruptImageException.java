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
  private final long imageOffset;
  private final String structure;
  private final long offset;
  private final String problem;

  CorruptImageException(
      Path image, long imageOffset, String structure, long offset, String problem, String advice) {
    super(image + ": " + place(imageOffset, structure, offset) + ": " + problem + "; " + advice);
    this.image = image.toString();
    this.imageOffset = imageOffset;
    this.structure = structure;
    this.offset = offset;
    this.problem = problem;
  }

  private static String place(long imageOffset, String structure, long offset) {
    String place = structure + " at byte " + offset;
    return imageOffset == 0
        ? place
        : place + " of the image, " + (imageOffset + offset) + " of the file";
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

  /**
   * What is damaged and where, for people: {@code "inode table at byte 5000"}; in a file that does
   * not begin with the image, counted from the start of both.
   */
  public String place() {
    return place(imageOffset, structure, offset);
  }

  /** What is wrong, without the image's name and the advice. */
  public String problem() {
    return problem;
  }
}
