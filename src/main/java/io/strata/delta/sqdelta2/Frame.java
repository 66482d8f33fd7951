package io.strata.delta.sqdelta2;

import java.util.List;

/**
 * One frame of content.
 *
 * @param tiles the tiles of the target that it has the content of, in order
 * @param dictionary the numbers of the source's tiles whose contents are its dictionary, in order
 * @param old what of the dictionary stands behind it inflated, too
 * @param members what of the content stands behind it inflated, instead
 * @param copies what of it is like the dictionary
 * @param addresses whether addresses are expected to have changed in them
 * @param offset where it is in the delta
 * @param stored its length there
 * @param differences how many bytes of that are the differences of the copies
 */
record Frame(
    List<PlannedTile> tiles,
    int[] dictionary,
    Members old,
    Members members,
    Copies copies,
    boolean addresses,
    long offset,
    int stored,
    int differences) {

  /** The same with other copies. */
  Frame with(Copies newCopies) {
    return new Frame(
        tiles, dictionary, old, members, newCopies, addresses, offset, stored, differences);
  }

  /** The same without the copies that have fewer bytes. */
  Frame withoutShorter(int bytes) {
    return with(copies.atLeast(bytes));
  }

  /** The same with what is stored of it, and where. */
  Frame at(long newOffset, FrameContent.Packed packed) {
    return new Frame(
        tiles,
        dictionary,
        old,
        members,
        copies,
        packed.addresses(),
        newOffset,
        packed.bytes().length,
        packed.differences());
  }

  /** How long its content is. */
  int plainLength() {
    return plainLength(tiles);
  }

  /** How long its content is with its members inflated. */
  int matterLength() {
    return plainLength() - members.totalStored() + members.totalPlain();
  }

  static int plainLength(List<PlannedTile> tiles) {
    int length = 0;
    for (PlannedTile tile : tiles) {
      length += tile.plainLength();
    }
    return length;
  }
}
