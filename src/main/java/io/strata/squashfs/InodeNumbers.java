package io.strata.squashfs;

import java.io.IOException;
import java.util.Arrays;

/**
 * Which inode has which number: what the export table says, found by one pass over the inode table
 * of an image that has no export table. Immutable.
 */
final class InodeNumbers {
  /** The most inodes that are remembered, at eight bytes each. */
  private static final int MOST = 1 << 22;

  private final long[] references; // by number from 1; NOT_FOUND where none was found
  private final boolean complete;

  private InodeNumbers(long[] references, boolean complete) {
    this.references = references;
    this.complete = complete;
  }

  /**
   * Goes over the inodes one by one. Behind one that is damaged there is no way on: those there
   * stay unknown, as do those beyond the first four million.
   *
   * @param inodes how many inodes there are said to be
   * @throws IOException if the image can't be read
   */
  static InodeNumbers read(InodeReader reader, MetadataCursor cursor, long inodes)
      throws IOException {
    long possible = cursor.capacity() / InodeReader.SMALLEST;
    long[] references = new long[(int) Math.min(Math.min(inodes, possible), MOST)];
    Arrays.fill(references, SquashFsImage.NOT_FOUND);
    long found = 0;
    try {
      long reference = 0;
      for (long count = 0; count < inodes; count++) {
        Inode inode = reader.read(reference, cursor);
        long number = inode.inodeNumber();
        if (number >= 1
            && number <= references.length
            && references[(int) number - 1] == SquashFsImage.NOT_FOUND) {
          references[(int) number - 1] = reference;
          found++;
        }
        reader.following(inode, cursor);
        reference = cursor.referenceOfNext();
      }
    } catch (CorruptImageException e) {
      // What was found is good all the same; and the last inode has the table's end behind it.
    }
    return new InodeNumbers(references, found == inodes);
  }

  /** Whether all inodes were found, so that there are no others. */
  boolean isComplete() {
    return complete;
  }

  /** The reference of the inode with {@code number}, or {@link SquashFsImage#NOT_FOUND}. */
  long reference(long number) {
    return number < 1 || number > references.length
        ? SquashFsImage.NOT_FOUND
        : references[(int) number - 1];
  }
}
