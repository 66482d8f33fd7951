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

  /** What two inodes claim to be. */
  private static final long AMBIGUOUS = -2;

  private final MetadataTable table;
  private final long[] references; // by number from 1; NOT_FOUND or AMBIGUOUS where there is none
  private final boolean complete;

  private InodeNumbers(MetadataTable table, long[] references, boolean complete) {
    this.table = table;
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
  static InodeNumbers read(InodeReader reader, MetadataTable table, long inodes)
      throws IOException {
    MetadataCursor cursor = table.cursor();
    long possible = cursor.capacity() / InodeReader.SMALLEST;
    long[] references = new long[(int) Math.min(Math.min(inodes, possible), MOST)];
    Arrays.fill(references, SquashFsImage.NOT_FOUND);
    long read = 0;
    try {
      long reference = 0;
      while (read < possible) { // the superblock may conceal some
        Inode inode = reader.read(reference, cursor);
        note(references, inode.inodeNumber(), reference);
        read++;
        reader.following(inode, cursor);
        reference = cursor.referenceOfNext();
      }
    } catch (CorruptImageException e) {
      // What was found is good all the same; and the last inode has the table's end behind it.
    }
    return new InodeNumbers(table, references, read >= inodes && inodes <= references.length);
  }

  private static void note(long[] references, long number, long reference) {
    if (number >= 1 && number <= references.length) {
      int at = (int) number - 1;
      boolean first = references[at] == SquashFsImage.NOT_FOUND;
      references[at] = first ? reference : AMBIGUOUS;
    }
  }

  /** Whether all inodes were found, so that there are no others. */
  boolean isComplete() {
    return complete;
  }

  /**
   * The reference of the inode with {@code number}, or {@link SquashFsImage#NOT_FOUND}.
   *
   * @throws CorruptImageException if there is more than one
   */
  long reference(long number) throws CorruptImageException {
    if (number < 1 || number > references.length) {
      return SquashFsImage.NOT_FOUND;
    }
    long reference = references[(int) number - 1];
    if (reference == AMBIGUOUS) {
      throw table.corrupt(table.start(), "more than one inode has the number " + number);
    }
    return reference;
  }
}
