package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.StagedImage;
import io.strata.delta.Workers;
import io.strata.delta.sqdelta2.PlannedTile.How;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Compresses the new content, each frame with what it is like in the old one as dictionary. */
final class ContentWriter {
  /** Bytes of a frame, if its tiles allow: small, so that all cores have some to apply. */
  private static final int FRAME = 1 << 20;

  /** Bytes of a dictionary: larger ones make deltas hardly smaller, and take long both ways. */
  private static final int DICTIONARY = 3 << 20;

  private final ImageModel source;
  private final ImageModel target;
  private final StagedImage spool;
  private final ProgressListener listener;

  /**
   * A writer.
   *
   * @param spool gets the frames, in no order
   */
  ContentWriter(
      ImageModel source, ImageModel target, StagedImage spool, ProgressListener listener) {
    this.source = source;
    this.target = target;
    this.spool = spool;
    this.listener = listener;
  }

  /**
   * Compresses what the tiles of the target need.
   *
   * @return the frames in order, with their places in the spool
   */
  List<Frame> write(List<PlannedTile> tiles) throws IOException, DeltaException {
    List<List<PlannedTile>> groups = groups(FrameWalk.withContent(tiles));
    if (groups.isEmpty()) {
      return List.of();
    }
    int[] lengths = new int[source.tiles().size()];
    Samples samples = samples(lengths);
    int mostTiles = Math.max(Limits.DICTIONARY_TILES / groups.size(), 1);
    Frame[] frames = new Frame[groups.size()];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Workers.run(
        Math.min(groups.size(), Limits.threads()),
        () -> {
          for (int i = next.getAndIncrement(); i < frames.length; i = next.getAndIncrement()) {
            byte[] plain = content(groups.get(i));
            int[] dictionary = dictionary(plain, samples, lengths, mostTiles);
            byte[] bytes = Zstandard.compress(plain, new OldContent(source).dictionary(dictionary));
            frames[i] = new Frame(groups.get(i), dictionary, append(bytes), bytes.length);
            synchronized (listener) {
              listener.progress(
                  ProgressListener.Step.ENCODING, done.incrementAndGet(), frames.length);
            }
          }
        });
    return List.of(frames);
  }

  /** Where the bytes are in the spool. */
  private long append(byte[] bytes) throws IOException {
    synchronized (spool) {
      long at = spool.length();
      spool.append(bytes, bytes.length);
      return at;
    }
  }

  private static List<List<PlannedTile>> groups(List<PlannedTile> tiles) {
    List<List<PlannedTile>> groups = new ArrayList<>();
    int from = 0;
    int length = 0;
    for (int i = 0; i < tiles.size(); i++) {
      int more = tiles.get(i).plainLength();
      if (i > from && length + more > FRAME) {
        groups.add(tiles.subList(from, i));
        from = i;
        length = 0;
      }
      length += more;
    }
    if (from < tiles.size()) {
      groups.add(tiles.subList(from, tiles.size()));
    }
    return groups;
  }

  /**
   * The samples of all tiles of the source.
   *
   * @param lengths gets their lengths, and -1 for a damaged one
   */
  private Samples samples(int[] lengths) throws IOException, DeltaException {
    long blockSize = source.superblock().blockSize();
    Samples samples = new Samples(source.tiles().size() * blockSize);
    AtomicInteger next = new AtomicInteger();
    int count = source.tiles().size();
    Workers.run(
        count,
        () -> {
          OldContent old = new OldContent(source);
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            lengths[i] = addSamples(samples, old, i);
          }
        });
    return samples;
  }

  private static int addSamples(Samples samples, OldContent old, int tile) throws IOException {
    try {
      ByteBuffer content = old.of(tile);
      samples.of(content, key -> samples.add(key, tile));
      return content.limit();
    } catch (DeltaException _) {
      return -1; // a damaged block of the source is of no use
    }
  }

  private byte[] content(List<PlannedTile> tiles) throws IOException, DeltaException {
    BlockReader reader = target.reader();
    ByteBuffer all = ByteBuffer.allocate(Frame.plainLength(tiles));
    for (PlannedTile planned : tiles) {
      Tile tile = planned.tile();
      boolean asItIs = planned.how() == How.VERBATIM;
      int most = target.superblock().blockSize();
      all.put(reader.plain(tile.offset(), tile.length(), asItIs, most).position(0));
    }
    return all.array();
  }

  /** The tiles of the source that share most with a content, as many as a dictionary can have. */
  private static int[] dictionary(byte[] content, Samples samples, int[] lengths, int most) {
    Map<Integer, Integer> votes = new HashMap<>();
    samples.of(
        ByteBuffer.wrap(content),
        key -> {
          int tile = samples.tile(key);
          if (tile >= 0) {
            votes.merge(tile, 1, Integer::sum);
          }
        });
    List<Integer> ranked = new ArrayList<>(votes.keySet());
    ranked.sort(
        Comparator.<Integer>comparingInt(tile -> -votes.getOrDefault(tile, 0))
            .thenComparing(Comparator.naturalOrder()));
    int count = 0;
    long length = 0;
    while (count < Math.min(ranked.size(), most)
        && length + lengths[ranked.get(count)] <= DICTIONARY) {
      length += lengths[ranked.get(count++)];
    }
    return ranked.subList(0, count).stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
