package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.PlannedTile.How;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Codes which tiles each frame of content has, which of the source's are its dictionary, and which
 * copies it has of that.
 */
final class FrameWalk {
  private static final int MOST_STORED = Toolbox.room(Limits.FRAME);

  private final Residuals values;
  private final Slots old;
  private int tileRoom = Limits.DICTIONARY_TILES;
  private int memberRoom = Limits.MEMBERS;
  private int copyRoom = Limits.COPIES;
  private long dictionaryRoom;

  /**
   * A walk.
   *
   * @param old the slots of the source
   */
  FrameWalk(Residuals values, Slots old) {
    this.values = values;
    this.old = old;
  }

  /** The tiles that take their bytes from the content. */
  static List<PlannedTile> withContent(List<PlannedTile> tiles) {
    return tiles.stream().filter(tile -> tile.how() != How.COPY).toList();
  }

  /**
   * Reads all frames.
   *
   * @param tiles of the target, copies too
   * @param contentStart where the first frame is in the delta
   * @param end where the last one must end
   */
  List<Frame> read(List<PlannedTile> tiles, long contentStart, long end) throws DeltaException {
    List<PlannedTile> left = withContent(tiles);
    dictionaryRoom = Limits.dictionaries(plainLength(left));
    List<Frame> frames = new ArrayList<>();
    long at = contentStart;
    while (!left.isEmpty()) {
      int count = (int) values.number(Column.FRAME_TILES, 0, 0, left.size());
      int stored = (int) values.number(Column.FRAME_STORED, 0, 0, Math.min(end - at, MOST_STORED));
      List<PlannedTile> inside = left.subList(0, count);
      if (count == 0 || plainLength(inside) > Limits.FRAME) {
        throw new DeltaException("a frame of " + plainLength(inside) + " bytes");
      }
      int length = Frame.plainLength(inside);
      int[] dictionary = dictionary();
      int oldLength = (int) old.length(dictionary);
      Members oldMembers = members(oldLength, Limits.DICTIONARY - oldLength, Members.NONE, 0);
      Members members = members(length, Limits.FRAME - length, oldMembers, Deflation.COUNT - 1);
      length += members.totalPlain() - members.totalStored();
      dictionaryRoom -= oldMembers.totalPlain();
      if (dictionaryRoom < 0) {
        throw new DeltaException("its dictionaries are too long for its content");
      }
      Copies copies = copies(length, oldLength + oldMembers.totalPlain());
      boolean copied = copies.count() > 0;
      boolean addresses = copied && values.number(Column.COPY_EXPECTED, 0, 0, 1) == 1;
      int differences = copied ? (int) values.number(Column.DIFFERENCES_STORED, 0, 0, stored) : 0;
      frames.add(
          new Frame(
              inside, dictionary, oldMembers, members, copies, addresses, at, stored, differences));
      left = left.subList(count, left.size());
      at += stored;
    }
    if (at != end) {
      throw new DeltaException("goes on for " + (end - at) + " bytes after its last frame");
    }
    return frames;
  }

  private static long plainLength(List<PlannedTile> tiles) {
    long length = 0;
    for (PlannedTile tile : tiles) {
      length += tile.plainLength();
    }
    return length;
  }

  private int[] dictionary() throws DeltaException {
    long most = old.count() == 0 ? 0 : tileRoom;
    int count = (int) values.number(Column.DICTIONARY_SIZE, 0, 0, most);
    tileRoom -= count;
    int[] tiles = new int[count];
    int last = -1;
    for (int i = 0; i < count; i++) {
      last = (int) values.number(Column.DICTIONARY_TILE, last + 1L, 0, old.count() - 1L);
      tiles[i] = last;
    }
    long length = old.length(tiles);
    if (length > Limits.DICTIONARY) {
      throw new DeltaException("a dictionary of more than " + Limits.DICTIONARY + " bytes");
    }
    dictionaryRoom -= length;
    return tiles;
  }

  /**
   * Reads members.
   *
   * @param room bytes that they may have inflated
   * @param likes what the same numbers of these are is expected
   */
  private Members members(int length, int room, Members likes, int mostHow) throws DeltaException {
    int count = (int) values.number(Column.MEMBERS, likes.count(), 0, Math.min(memberRoom, length));
    memberRoom -= count;
    IntStream.Builder starts = IntStream.builder();
    IntStream.Builder stored = IntStream.builder();
    IntStream.Builder plain = IntStream.builder();
    IntStream.Builder how = IntStream.builder();
    List<int[]> blocks = new ArrayList<>();
    int at = 0;
    int left = room;
    for (int i = 0; i < count; i++) {
      boolean like = i < likes.count();
      at += (int) values.number(Column.MEMBER_AFTER, 0, 0, length - at);
      starts.add(at);
      int bytes =
          (int) values.number(Column.MEMBER_STORED, like ? likes.stored()[i] : 0, 0, length - at);
      int inflated = (int) values.number(Column.MEMBER_PLAIN, like ? likes.plain()[i] : 0, 0, left);
      at += bytes;
      left -= inflated;
      stored.add(bytes);
      plain.add(inflated);
      how.add((int) values.number(Column.MEMBER_HOW, 0, 0, mostHow));
      blocks.add(blocks(mostHow == 0 ? 0 : inflated));
    }
    return new Members(
        starts.build().toArray(),
        stored.build().toArray(),
        plain.build().toArray(),
        how.build().toArray(),
        blocks.toArray(int[][]::new));
  }

  /** Reads how many bytes each block has whose end is said, of a member of so many. */
  private int[] blocks(int length) throws DeltaException {
    int[] blocks =
        new int[(int) values.number(Column.MEMBER_BLOCKS, 0, 0, Math.min(memberRoom, length))];
    memberRoom -= blocks.length;
    int left = length;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = (int) values.number(Column.MEMBER_BLOCKS, 0, 0, left);
      left -= blocks[i];
      if (blocks[i] == 0) {
        throw new DeltaException("a member has a block of no bytes");
      }
    }
    return blocks;
  }

  private void write(Members members, Members likes) throws DeltaException {
    memberRoom -= members.count() + members.totalBlocks();
    if (memberRoom < 0) {
      throw new DeltaException("the target has too many .gz files for a delta");
    }
    values.number(Column.MEMBERS, likes.count(), members.count(), Limits.MEMBERS);
    int at = 0;
    for (int i = 0; i < members.count(); i++) {
      boolean like = i < likes.count();
      int stored = members.stored()[i];
      values.number(Column.MEMBER_AFTER, 0, members.at()[i] - at, Limits.DICTIONARY);
      values.number(Column.MEMBER_STORED, like ? likes.stored()[i] : 0, stored, Limits.DICTIONARY);
      values.number(
          Column.MEMBER_PLAIN, like ? likes.plain()[i] : 0, members.plain()[i], Limits.DICTIONARY);
      values.number(Column.MEMBER_HOW, 0, members.how()[i], Deflation.COUNT);
      values.number(Column.MEMBER_BLOCKS, 0, members.blocks()[i].length, Limits.MEMBERS);
      for (int block : members.blocks()[i]) {
        values.number(Column.MEMBER_BLOCKS, 0, block, Limits.DICTIONARY);
      }
      at = members.at()[i] + stored;
    }
  }

  private Copies copies(int frameLength, int dictionaryLength) throws DeltaException {
    long most = dictionaryLength == 0 ? 0 : Math.min(copyRoom, frameLength);
    int count = (int) values.number(Column.COPIES, 0, 0, most);
    copyRoom -= count;
    IntStream.Builder starts = IntStream.builder();
    IntStream.Builder sources = IntStream.builder();
    IntStream.Builder lengths = IntStream.builder();
    int at = 0;
    long likely = 0;
    for (int i = 0; i < count; i++) {
      int literals = (int) values.number(Column.COPY_AFTER, 0, 0, frameLength - at);
      at += literals;
      int room = Math.min(frameLength - at, dictionaryLength);
      int length = (int) values.number(Column.COPY_LENGTH, 0, 0, room);
      long last = dictionaryLength - length;
      int from = (int) values.number(Column.COPY_FROM, likely + literals, 0, last);
      if (length == 0) {
        throw new DeltaException("a copy of no bytes");
      }
      starts.add(at);
      sources.add(from);
      lengths.add(length);
      at += length;
      likely = from + (long) length;
    }
    return new Copies(
        starts.build().toArray(), sources.build().toArray(), lengths.build().toArray());
  }

  /** Writes one frame. */
  void write(Frame frame) throws DeltaException {
    values.number(Column.FRAME_TILES, 0, frame.tiles().size(), Integer.MAX_VALUE);
    values.number(Column.FRAME_STORED, 0, frame.stored(), Integer.MAX_VALUE);
    values.number(Column.DICTIONARY_SIZE, 0, frame.dictionary().length, Limits.DICTIONARY_TILES);
    int last = -1;
    for (int tile : frame.dictionary()) {
      values.number(Column.DICTIONARY_TILE, last + 1L, tile, old.count() - 1L);
      last = tile;
    }
    write(frame.old(), Members.NONE);
    write(frame.members(), frame.old());
    write(frame.copies());
    if (frame.copies().count() > 0) {
      values.number(Column.COPY_EXPECTED, 0, frame.addresses() ? 1 : 0, 1);
      values.number(Column.DIFFERENCES_STORED, 0, frame.differences(), frame.stored());
    }
  }

  private void write(Copies copies) throws DeltaException {
    copyRoom -= copies.count();
    if (copyRoom < 0) {
      throw new DeltaException("the target has too many changes for a delta");
    }
    values.number(Column.COPIES, 0, copies.count(), Limits.COPIES);
    int at = 0;
    long likely = 0;
    for (int i = 0; i < copies.count(); i++) {
      int literals = copies.at()[i] - at;
      int length = copies.length()[i];
      values.number(Column.COPY_AFTER, 0, literals, Limits.FRAME);
      values.number(Column.COPY_LENGTH, 0, length, Limits.FRAME);
      values.number(Column.COPY_FROM, likely + literals, copies.from()[i], Limits.DICTIONARY);
      at = copies.at()[i] + length;
      likely = copies.from()[i] + (long) length;
    }
  }
}
