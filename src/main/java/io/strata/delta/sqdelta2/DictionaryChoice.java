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

  private final Samples samples;
  private final int[] lengths;
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
   * @param block which block of the file it is; -1 for its tail
   * @param before the use of the same tile before this one, or -1
   */
  private record Use(Inode file, Inode like, int block, int before) {}

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
    this.blockSize = source.superblock().blockSize();
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
    for (int i = 0; i < blocks.length; i++) {
      addUse(blocks[i], file, like, i);
    }
    addUse(places.tail(file), file, like, -1);
  }

  private void addUse(int tile, Inode file, Inode like, int block) {
    if (tile >= 0) {
      all.add(new Use(file, like, block, uses[tile]));
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
    for (PlannedTile planned : tiles) {
      int tile = places.at(planned.tile().offset());
      for (int use = tile < 0 ? -1 : uses[tile]; use >= 0; use = all.get(use).before()) {
        vote(all.get(use), votes);
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
        Inode file = all.get(i).file();
        Inode like = all.get(i).like();
        Integer old = starts.get(oldPlaces.tail(like));
        boolean small = file.words.length == 0 && like.words.length == 0;
        if (small && old != null && fits(file, planned.plainLength()) && fits(like, blockSize)) {
          pairs.add(
              new MemberFinder.Pair(
                  start + file.offset, (int) file.size, old + like.offset, (int) like.size));
        }
      }
      start += planned.plainLength();
    }
    pairs.sort(Comparator.comparingInt(MemberFinder.Pair::at));
    return pairs;
  }

  private static boolean fits(Inode file, int length) {
    return file.offset >= 0 && file.size >= 0 && file.size <= length - (long) file.offset;
  }

  private void vote(Use use, Map<Integer, Long> votes) {
    int[] blocks = oldPlaces.blocks(use.like());
    int length = (int) Math.min(blockSize, use.file().size);
    int place = use.block() < 0 ? use.file().words.length : use.block();
    if (use.block() < 0) {
      length = (int) (use.file().size % blockSize);
    }
    int reach = REACH / blockSize;
    for (int i = Math.max(place - reach, 0); i < Math.min(place + reach + 1, blocks.length); i++) {
      vote(blocks[i], length / (1 + Math.abs(i - place)), votes);
    }
    if (place + reach >= blocks.length) {
      vote(oldPlaces.tail(use.like()), length / (1 + Math.abs(blocks.length - place)), votes);
    }
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
