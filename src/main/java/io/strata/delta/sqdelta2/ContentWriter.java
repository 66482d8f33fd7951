package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
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
  /** Bytes of a frame, if its tiles allow. */
  private static final int FRAME = 2 << 20;

  /** Bytes of a dictionary: half of what a reader allows. */
  private static final int DICTIONARY = 8 << 20;

  private final ImageModel source;
  private final ImageModel target;
  private final ProgressListener listener;

  ContentWriter(ImageModel source, ImageModel target, ProgressListener listener) {
    this.source = source;
    this.target = target;
    this.listener = listener;
  }

  /**
   * Frames, and their bytes.
   *
   * @param frames without their places
   */
  record Content(List<Frame> frames, List<byte[]> bytes) {}

  /** Compresses what the tiles of the target need. */
  Content write(List<PlannedTile> tiles) throws IOException, DeltaException {
    List<List<PlannedTile>> groups = groups(FrameWalk.withContent(tiles));
    if (groups.isEmpty()) {
      return new Content(List.of(), List.of());
    }
    Samples samples = samples();
    Frame[] frames = new Frame[groups.size()];
    byte[][] bytes = new byte[groups.size()][];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Workers.run(
        groups.size(),
        () -> {
          for (int i = next.getAndIncrement(); i < frames.length; i = next.getAndIncrement()) {
            byte[] plain = content(groups.get(i));
            int[] dictionary = dictionary(plain, samples);
            bytes[i] = Zstandard.compress(plain, new OldContent(source).dictionary(dictionary));
            frames[i] = new Frame(groups.get(i), dictionary, 0, bytes[i].length);
            synchronized (listener) {
              listener.progress(
                  ProgressListener.Step.ENCODING, done.incrementAndGet(), frames.length);
            }
          }
        });
    return new Content(List.of(frames), List.of(bytes));
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

  private Samples samples() throws IOException, DeltaException {
    long blockSize = source.superblock().blockSize();
    Samples samples = new Samples(source.tiles().size() * blockSize);
    AtomicInteger next = new AtomicInteger();
    int count = source.tiles().size();
    Workers.run(
        count,
        () -> {
          OldContent old = new OldContent(source);
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            addSamples(samples, old, i);
          }
        });
    return samples;
  }

  private static void addSamples(Samples samples, OldContent old, int tile) throws IOException {
    try {
      samples.of(old.of(tile), key -> samples.add(key, tile));
    } catch (DeltaException _) {
      return; // a damaged block of the source is of no use
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
  private int[] dictionary(byte[] content, Samples samples) throws IOException {
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
    OldContent old = new OldContent(source);
    List<Integer> chosen = new ArrayList<>();
    int left = DICTIONARY;
    for (int tile : ranked) {
      if (left == 0) {
        break;
      }
      int length = length(old, tile);
      if (length <= left) {
        chosen.add(tile);
        left -= length;
      } else {
        left = 0;
      }
    }
    return chosen.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private static int length(OldContent old, int tile) throws IOException {
    try {
      return old.of(tile).limit();
    } catch (DeltaException _) {
      return DICTIONARY + 1;
    }
  }
}
