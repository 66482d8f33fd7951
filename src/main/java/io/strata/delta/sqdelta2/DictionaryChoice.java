package io.strata.delta.sqdelta2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what of the source is the dictionary of a frame: where the same files were, around the
 * same places in them; and what has the same samples, wherever it is. Immutable; for any thread.
 */
final class DictionaryChoice {
  /** Bytes before and after the same place in the older file: contents move when others grow. */
  private static final int REACH = 3 << 20;

  /**
   * Votes for one frame: thousands of copies of a file would have as many for each of its tiles.
   */
  private static final int MOST_VOTES = 1 << 20;

  private final Samples samples;
  private final int[] lengths;
  private final int oldBlockSize;
  private final int blockSize;
  private final Slots slots;
  private final List<Inode> inodes;
  private final FilePlaces oldPlaces;
  private final FilePlaces places;

  /** The last use of each tile of the target, and of each use the one before it. */
  private final int[] uses;

  private final List<Use> all = new ArrayList<>();

  /**
   * That a file has some of its content in a tile.
   *
   * @param like the same file in the source
   * @param oldBlocks the tiles of its blocks
   * @param block which block of the file it is; -1 for its tail
   * @param before the use of the same tile before this one, or -1
   */
  private record Use(Inode file, Inode like, int[] oldBlocks, int block, int before) {}

  /**
   * A choice.
   *
   * @param likes of the target's inodes
   * @param lengths of the source's tiles; negative for one that can't be read
   */
  DictionaryChoice(
      ImageModel source,
      ImageModel target,
      @Nullable Inode[] likes,
      Samples samples,
      int[] lengths) {
    this.samples = samples;
    this.lengths = lengths;
    this.oldBlockSize = source.superblock().blockSize();
    this.blockSize = target.superblock().blockSize();
    this.slots = Slots.of(source);
    this.inodes = target.inodes();
    this.oldPlaces = new FilePlaces(source);
    this.places = new FilePlaces(target);
    this.uses = new int[target.tiles().size()];
    Arrays.fill(uses, -1);
    for (int i = 0; i < likes.length; i++) {
      Inode like = likes[i];
      if (like != null && like.basicType() == Inode.FILE) {
        addUses(inodes.get(i), like);
      }
    }
  }

  private void addUses(Inode file, Inode like) {
    int[] blocks = places.blocks(file);
    int[] oldBlocks = oldPlaces.blocks(like);
    for (int i = 0; i < blocks.length; i++) {
      addUse(blocks[i], file, like, oldBlocks, i);
    }
    addUse(places.tail(file), file, like, oldBlocks, -1);
  }

  private void addUse(int tile, Inode file, Inode like, int[] oldBlocks, int block) {
    if (tile >= 0) {
      all.add(new Use(file, like, oldBlocks, block, uses[tile]));
      uses[tile] = all.size() - 1;
    }
  }

  /**
   * The dictionary of a frame.
   *
   * @param tiles of the frame
   * @param content of the frame
   * @param mostTiles that it may have
   * @param most bytes that it may have
   */
  int[] of(List<PlannedTile> tiles, byte[] content, int mostTiles, long most) {
    Map<Integer, Long> votes = new HashMap<>();
    int left = MOST_VOTES;
    for (PlannedTile planned : tiles) {
      int tile = places.at(planned.tile().offset());
      int use = tile < 0 ? -1 : uses[tile];
      for (; use >= 0 && left > 0; use = all.get(use).before()) {
        left -= vote(all.get(use), votes);
      }
    }
    samples.of(
        ByteBuffer.wrap(content),
        key -> {
          int tile = samples.tile(key);
          if (tile >= 0) {
            votes.merge(tile, (long) samples.step(), Long::sum);
          }
        });
    return best(votes, mostTiles, most);
  }

  /** The files of a frame that are small, and were so, with what they were in its dictionary. */
  List<MemberFinder.Pair> pairs(List<PlannedTile> tiles, int[] dictionary) {
    Map<Integer, Integer> starts = HashMap.newHashMap(dictionary.length);
    int end = 0;
    for (int tile : dictionary) {
      starts.put(tile, end);
      end += slots.length(tile);
    }
    List<MemberFinder.Pair> pairs = new ArrayList<>();
    int start = 0;
    for (PlannedTile planned : tiles) {
      int tile = places.at(planned.tile().offset());
      for (int i = tile < 0 ? -1 : uses[tile]; i >= 0; i = all.get(i).before()) {
        Use use = all.get(i);
        int[] blocks = use.oldBlocks();
        int oldTile = blocks.length == 0 ? oldPlaces.tail(use.like()) : blocks[0];
        Integer old = starts.get(oldTile);
        if (isInOne(use.file()) && isInOne(use.like()) && old != null) {
          add(pairs, use, start, planned.plainLength(), old, slots.length(oldTile));
        }
      }
      start += planned.plainLength();
    }
    pairs.sort(Comparator.comparingInt(MemberFinder.Pair::at));
    return pairs;
  }

  /** Whether a file is in one tile as a whole: its only block, or a fragment. */
  private static boolean isInOne(Inode file) {
    return file.words.length == 0 || (file.words.length == 1 && !file.hasFragment());
  }

  /** Adds a pair if both files are within their tiles. */
  private static void add(
      List<MemberFinder.Pair> pairs, Use use, int start, int length, int oldStart, int oldLength) {
    int at = offset(use.file());
    int old = offset(use.like());
    if (at >= 0
        && old >= 0
        && use.file().size <= length - at
        && use.like().size <= oldLength - old) {
      pairs.add(
          new MemberFinder.Pair(
              start + at, (int) use.file().size, oldStart + old, (int) use.like().size));
    }
  }

  private static int offset(Inode file) {
    return file.words.length == 0 ? file.offset : 0;
  }

  /** Votes for what is around the same place in the older file; gives the number of votes. */
  private int vote(Use use, Map<Integer, Long> votes) {
    int[] blocks = use.oldBlocks();
    boolean tail = use.block() < 0;
    long start = (tail ? use.file().words.length : use.block()) * (long) blockSize;
    int place = (int) Math.min(start / oldBlockSize, Integer.MAX_VALUE / 2);
    int length = (int) Math.min(blockSize, use.file().size - start);
    int reach = REACH / oldBlockSize;
    int from = Math.max(place - reach, 0);
    int to = Math.min(place + reach + 1, blocks.length);
    for (int i = from; i < to; i++) {
      vote(blocks[i], length / (1 + Math.abs(i - place)), votes);
    }
    if (place + reach >= blocks.length) {
      vote(oldPlaces.tail(use.like()), length / (1 + Math.abs(blocks.length - place)), votes);
    }
    return 1 + Math.max(to - from, 0);
  }

  private static void vote(int tile, long weight, Map<Integer, Long> votes) {
    if (tile >= 0) {
      votes.merge(tile, weight, Long::sum);
    }
  }

  private int[] best(Map<Integer, Long> votes, int mostTiles, long most) {
    List<Map.Entry<Integer, Long>> ranked = new ArrayList<>(votes.entrySet());
    ranked.sort(
        Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    List<Integer> chosen = new ArrayList<>();
    long length = 0;
    for (Map.Entry<Integer, Long> entry : ranked) {
      int tile = entry.getKey();
      boolean fits = length + slots.length(tile) <= most && chosen.size() < mostTiles;
      if (lengths[tile] >= 0 && fits) {
        chosen.add(tile);
        length += slots.length(tile);
      }
    }
    return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
