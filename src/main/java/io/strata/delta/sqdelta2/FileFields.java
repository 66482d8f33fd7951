package io.strata.delta.sqdelta2;

import static io.strata.delta.sqdelta2.InodeModel.U32;

import io.strata.delta.DeltaException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Codes the fields of regular files: where their blocks and tails are.
 *
 * <p>A file is expected behind the one before it. If the file of the source that it is like shared
 * its place with another one, it is expected where that one is now.
 */
final class FileFields {
  private static final int FRAGMENT_AS_LIKE = 0;
  private static final int FRAGMENT_NEXT = 1;
  private static final int FRAGMENT_OTHER = 2;

  private final Residuals values;
  private final Shape shape;
  private final List<Tile> tiles;
  private final int[] nextData;
  private final Map<Long, Integer> tilesByOldStart = new HashMap<>();
  private final Map<TailPlace, TailPlace> tailsByOld = new HashMap<>();
  private int nextTile;
  private TailPlace nextTail = new TailPlace(0, 0);

  /** Where the tail of a file is: the number of the fragment, and the offset in it. */
  private record TailPlace(int fragment, int offset) {
    static TailPlace of(Inode inode) {
      return new TailPlace(inode.fragment, inode.offset);
    }

    boolean isBefore(TailPlace other) {
      return fragment != other.fragment ? fragment < other.fragment : offset < other.offset;
    }
  }

  FileFields(Residuals values, Shape shape) {
    this.values = values;
    this.shape = shape;
    this.tiles = shape.tiles();
    this.nextData = nextData(tiles);
    this.nextTile = nextData[0];
  }

  /** For each tile the first one from there on that holds data; the number of tiles if none. */
  private static int[] nextData(List<Tile> tiles) {
    int[] next = new int[tiles.size() + 1];
    next[tiles.size()] = tiles.size();
    for (int i = tiles.size() - 1; i >= 0; i--) {
      next[i] = tiles.get(i).role() == Tile.Role.DATA ? i : next[i + 1];
    }
    return next;
  }

  void code(Inode file, @Nullable Inode kin) throws DeltaException {
    long most = file.isExtended() ? Long.MAX_VALUE : U32;
    file.size = values.number(Column.SIZE, kin == null ? 0 : kin.size, file.size, most);
    Inode same = kin != null && kin.size == file.size ? kin : null;
    boolean likely =
        same != null ? same.hasFragment() : file.size > 0 && file.size < shape.blockSize();
    boolean tail = values.number(Column.TAIL, likely ? 1 : 0, file.hasFragment() ? 1 : 0, 1) != 0;
    blocks(file, same, tail);
    tail(file, same, tail);
    if (file.isExtended()) {
      long sparse = kin == null ? 0 : kin.sparse;
      file.sparse = values.number(Column.SPARSE, sparse, file.sparse, -1);
      long nlink = kin == null || !kin.isExtended() ? 1 : kin.nlink & U32;
      file.nlink = (int) values.number(Column.NLINK, nlink, file.nlink & U32, U32);
    }
  }

  private void blocks(Inode file, @Nullable Inode same, boolean tail) throws DeltaException {
    int count = InodeTable.blocks(file.size, tail, shape.blockSize());
    if (count > shape.inodeLength() / Integer.BYTES) {
      throw new DeltaException("a file of " + count + " blocks does not fit the inode table");
    }
    Inode alike = same != null && same.words.length == count ? same : null;
    int likely = alike != null ? alike.holes() : 0;
    int holes = (int) values.number(Column.HOLES, likely, file.holes(), count);
    boolean[] isHole = new boolean[count];
    for (int i = 0; holes > 0 && i < count; i++) {
      int hole = alike != null && alike.words[i] == 0 ? 1 : 0;
      int actual = !values.reads() && file.words[i] == 0 ? 1 : 0;
      isHole[i] = values.number(Column.HOLES, hole, actual, 1) != 0;
    }
    if (holes == count) {
      file.start = values.number(Column.START, 0, file.start, -1);
      file.words = new int[count];
    } else {
      placed(file, alike, isHole);
    }
  }

  private void placed(Inode file, @Nullable Inode same, boolean[] isHole) throws DeltaException {
    if (tiles.isEmpty()) {
      throw new DeltaException("a file has blocks where there is no data");
    }
    Integer known = same == null ? null : tilesByOldStart.get(same.start);
    int likely = known == null ? nextTile : known;
    int actual = values.reads() ? 0 : tileAt(file.start);
    int tile = (int) values.number(Column.FIRST_TILE, likely, actual, tiles.size() - 1L);
    if (same != null) {
      tilesByOldStart.putIfAbsent(same.start, tile);
    }
    long start = tiles.get(tile).offset();
    int[] words = new int[isHole.length];
    for (int i = 0; i < words.length; i++) {
      if (!isHole[i]) {
        if (tile >= tiles.size()) {
          throw new DeltaException("a file has blocks behind the data");
        }
        words[i] = tiles.get(tile++).word();
      }
    }
    checkSame(file, start, words);
    file.start = start;
    file.words = words;
    nextTile = nextData[tile];
  }

  /** The model must hold for what is written. */
  private void checkSame(Inode file, long start, int[] words) throws DeltaException {
    if (!values.reads() && (file.start != start || !Arrays.equals(file.words, words))) {
      throw new DeltaException("the model has no file whose blocks are not tiles");
    }
  }

  private int tileAt(long offset) throws DeltaException {
    int low = 0;
    int high = tiles.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long at = tiles.get(middle).offset();
      if (at == offset) {
        return middle;
      }
      low = at < offset ? middle + 1 : low;
      high = at < offset ? high : middle - 1;
    }
    throw new DeltaException("the model has no file that starts at offset " + offset);
  }

  private void tail(Inode file, @Nullable Inode same, boolean tail) throws DeltaException {
    if (!tail) {
      file.offset = (int) values.number(Column.FRAGMENT_OFFSET, 0, file.offset & U32, U32);
      file.fragment = Inode.NO_FRAGMENT;
      return;
    }
    int length = (int) (file.size % shape.blockSize());
    TailPlace next = next(length);
    TailPlace asLike = next;
    if (same != null && same.hasFragment()) {
      asLike = tailsByOld.getOrDefault(TailPlace.of(same), next);
    }
    TailPlace place = place(file, asLike, next);
    if (same != null && same.hasFragment()) {
      tailsByOld.putIfAbsent(TailPlace.of(same), place);
    }
    if (!place.isBefore(nextTail)) {
      nextTail = new TailPlace(place.fragment(), place.offset() + length);
    }
    file.fragment = place.fragment();
    file.offset = place.offset();
  }

  private TailPlace next(int length) {
    return nextTail.offset() + length <= shape.blockSize()
        ? nextTail
        : new TailPlace(nextTail.fragment() + 1, 0);
  }

  private TailPlace place(Inode file, TailPlace asLike, TailPlace next) throws DeltaException {
    TailPlace actual = TailPlace.of(file);
    int how = FRAGMENT_OTHER;
    if (actual.equals(asLike)) {
      how = FRAGMENT_AS_LIKE;
    } else if (actual.equals(next)) {
      how = FRAGMENT_NEXT;
    }
    how = (int) values.number(Column.FRAGMENT_HOW, 0, how, FRAGMENT_OTHER);
    if (how != FRAGMENT_OTHER) {
      return how == FRAGMENT_NEXT ? next : asLike;
    }
    long most = Integer.MAX_VALUE - 1;
    int fragment = (int) values.number(Column.FRAGMENT, next.fragment(), actual.fragment(), most);
    int offset = (int) values.number(Column.FRAGMENT_OFFSET, 0, actual.offset(), shape.blockSize());
    return new TailPlace(fragment, offset);
  }
}
