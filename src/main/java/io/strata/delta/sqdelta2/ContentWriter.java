package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.StagedImage;
import io.strata.delta.Workers;
import io.strata.delta.sqdelta2.PlannedTile.How;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compresses the new content, each frame with what it is like in the old one as dictionary. */
final class ContentWriter {
  /** Bytes of a frame, if its tiles allow: small, so that all cores have some to apply. */
  private static final int FRAME = 1 << 20;

  /** Bytes of a dictionary: larger ones make deltas hardly smaller, and take long both ways. */
  private static final int DICTIONARY = 5 << 20;

  /** Bytes of a frame with its .gz files inflated. */
  private static final int MATTER = 3 << 20;

  /** Bytes of .gz files in a dictionary, inflated. */
  private static final int INFLATED = 3 << 20;

  /** Bytes that a copy costs in the columns, roughly. */
  private static final int COPY = 4;

  /** Differing bytes of a frame that may be smaller without copies, which are what it costs. */
  private static final int FEW = 6000;

  /** Bytes of a frame with copies, which it is not worth a second to try whether fewer do. */
  private static final int LITTLE = 200;

  private final ImageModel source;
  private final ImageModel target;
  private final @Nullable Inode[] likes;
  private final StagedImage spool;
  private final ProgressListener listener;

  /**
   * A writer.
   *
   * @param likes of the target's inodes
   * @param spool gets the frames, in no order
   */
  ContentWriter(
      ImageModel source,
      ImageModel target,
      @Nullable Inode[] likes,
      StagedImage spool,
      ProgressListener listener) {
    this.source = source;
    this.target = target;
    this.likes = likes;
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
    DictionaryChoice choice = new DictionaryChoice(source, target, likes, samples, lengths);
    Share share = Share.of(groups.size());
    Plan[] plans = new Plan[groups.size()];
    each(plans.length, i -> plans[i] = planned(groups.get(i), choice, share));
    int shortest = share.copies().shortest(Stream.of(plans).map(Plan::frame).map(Frame::copies));
    Frame[] frames =
        Stream.of(plans).map(plan -> plan.frame().withoutShorter(shortest)).toArray(Frame[]::new);
    int blockSize = target.superblock().blockSize();
    FrameContent packing = new FrameContent(Slots.of(source), tiles, List.of(frames), blockSize);
    each(frames.length, i -> frames[i] = packed(frames[i], plans[i].packed(), packing));
    return List.of(frames);
  }

  /**
   * What is to be stored of a frame.
   *
   * @param packed its bytes if they are known already: those of a frame without copies depend on no
   *     other frame
   */
  private record Plan(Frame frame, Optional<FrameContent.Packed> packed) {}

  /**
   * What one frame may have of what is limited for all together.
   *
   * @param tiles of its dictionary
   * @param members of its content, with said ends of blocks, and of its dictionary
   */
  private record Share(int tiles, int members, CopyBudget copies) {
    static Share of(int frames) {
      return new Share(
          Math.max(Limits.DICTIONARY_TILES / frames, 1),
          Limits.MEMBERS / 2 / frames,
          new CopyBudget(frames, Limits.COPIES));
    }
  }

  /** A frame with its dictionary and copies. */
  private Plan planned(List<PlannedTile> tiles, DictionaryChoice choice, Share share)
      throws IOException, DeltaException {
    byte[] content = content(tiles);
    int[] dictionary = choice.of(tiles, content, share.tiles(), DICTIONARY);
    byte[] slots = new OldContent(source).dictionary(dictionary, Members.NONE);
    int room = MATTER - content.length;
    MemberFinder.Found found =
        new MemberFinder(share.members())
            .find(choice.pairs(tiles, dictionary), content, slots, room, INFLATED);
    Frame frame =
        new Frame(tiles, dictionary, found.old(), found.now(), Copies.NONE, false, 0, 0, 0);
    byte[] old = found.old().append(slots);
    byte[] matter = found.now().matter(content);
    Frame copied = frame.with(share.copies().ofFrame(CopyFinder.find(old, matter)));
    return isText(copied, matter, old)
        ? smaller(frame, copied, matter, old)
        : new Plan(copied, Optional.empty());
  }

  /** Whether a frame has so few differences that it may be smaller without copies. */
  private static boolean isText(Frame frame, byte[] matter, byte[] old) {
    Copies copies = frame.copies();
    long differing = (matter.length - copies.total()) / 2;
    for (int i = 0; i < copies.count(); i++) {
      for (int j = 0; j < copies.length()[i]; j++) {
        differing += matter[copies.at()[i] + j] == old[copies.from()[i] + j] ? 0 : 1;
      }
    }
    return differing < FEW;
  }

  private Plan smaller(Frame plain, Frame copied, byte[] matter, byte[] old) {
    int blockSize = target.superblock().blockSize();
    FrameContent alone =
        new FrameContent(Slots.of(source), plain.tiles(), List.of(copied), blockSize);
    long second =
        alone.pack(copied, matter, old).bytes().length + (long) COPY * copied.copies().count();
    if (second < LITTLE) {
      return new Plan(copied, Optional.empty());
    }
    FrameContent.Packed first = alone.pack(plain, matter, old);
    return first.bytes().length < second
        ? new Plan(plain, Optional.of(first))
        : new Plan(copied, Optional.empty());
  }

  /** The same frame, its bytes in the spool. */
  private Frame packed(Frame frame, Optional<FrameContent.Packed> known, FrameContent packing)
      throws IOException, DeltaException {
    if (known.isPresent()) {
      return frame.at(append(known.get().bytes()), known.get());
    }
    byte[] matter = frame.members().matter(content(frame.tiles()));
    byte[] old = new OldContent(source).dictionary(frame.dictionary(), frame.old());
    FrameContent.Packed packed = packing.pack(frame, matter, old);
    return frame.at(append(packed.bytes()), packed);
  }

  /** What to do with one frame, on whatever thread. */
  @FunctionalInterface
  private interface Job {
    void run(int frame) throws IOException, DeltaException;
  }

  private void each(int frames, Job job) throws IOException, DeltaException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Workers.run(
        Math.min(frames, Limits.threads()),
        () -> {
          for (int i = next.getAndIncrement(); i < frames; i = next.getAndIncrement()) {
            job.run(i);
            synchronized (listener) {
              listener.progress(ProgressListener.Step.ENCODING, done.incrementAndGet(), frames);
            }
          }
        });
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
    Samples samples = new Samples(Slots.of(source).total());
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
}
