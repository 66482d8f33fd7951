package io.strata.delta.sqdelta2;

/**
 * A segment of the target's metadata.
 *
 * @param raw whether its bytes stand in the delta; else they follow from what is known
 * @param plainLength uncompressed bytes; of what has no blocks, its length
 * @param words before each metadata block
 * @param ways the way of compression of each block; one too high for bytes that stand in the delta
 * @param start where it starts in the target
 */
record PlannedSegment(
    Segment.Kind kind, boolean raw, int plainLength, int[] words, int[] ways, long start) {

  /** Where each block starts from the start of the segment, and where the last one ends. */
  int[] blockStarts() {
    return MetadataTable.starts(words);
  }

  /** Where it ends in the target. */
  long end() {
    return start + (kind.hasBlocks() ? blockStarts()[words.length] : plainLength);
  }

  PlannedSegment at(long newStart) {
    return new PlannedSegment(kind, raw, plainLength, words, ways, newStart);
  }
}
