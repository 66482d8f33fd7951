package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.Workers;
import io.strata.delta.sqdelta2.PlannedTile.How;
import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Plans how each tile of the target comes about: what the source has is copied. */
final class TilePlanner {
  private final ImageModel source;
  private final ImageModel target;
  private final Toolbox toolbox;
  private final ProgressListener listener;

  TilePlanner(ImageModel source, ImageModel target, Toolbox toolbox, ProgressListener listener) {
    this.source = source;
    this.target = target;
    this.toolbox = toolbox;
    this.listener = listener;
  }

  /** What tells tiles apart: 16 bytes of a SHA-256 over what is stored, and the rest. */
  private record Identity(long high, long low, int word, Tile.Role role) {
    static Identity of(Tile tile, BlockReader reader, MessageDigest sha256)
        throws IOException, DeltaException {
      sha256.update(reader.stored(tile.offset(), tile.length()));
      ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
      return new Identity(digest.getLong(), digest.getLong(), tile.word(), tile.role());
    }
  }

  /** All tiles of the target in order. */
  List<PlannedTile> plan() throws IOException, DeltaException {
    Map<Identity, Integer> known = HashMap.newHashMap(source.tiles().size());
    BlockReader reader = source.reader();
    MessageDigest sha256 = Sha2.SHA_256.start();
    List<Identity> identities = new ArrayList<>();
    for (int i = 0; i < source.tiles().size(); i++) {
      Identity identity = Identity.of(source.tiles().get(i), reader, sha256);
      identities.add(identity);
      known.putIfAbsent(identity, i);
    }
    PlannedTile[] plan = new PlannedTile[target.tiles().size()];
    List<Integer> left = new ArrayList<>();
    int next = 0;
    reader = target.reader();
    for (int i = 0; i < plan.length; i++) {
      Tile tile = target.tiles().get(i);
      Identity identity = Identity.of(tile, reader, sha256);
      boolean isNext = next < identities.size() && identities.get(next).equals(identity);
      Integer from = isNext ? Integer.valueOf(next) : known.get(identity);
      if (from == null) {
        left.add(i);
      } else {
        plan[i] = new PlannedTile(tile, How.COPY, from, 0);
        next = from + 1;
      }
    }
    tryAll(left, plan);
    return Arrays.asList(plan);
  }

  private void tryAll(List<Integer> left, PlannedTile[] plan) throws IOException, DeltaException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Workers.run(
        left.size(),
        () -> {
          Trial trial = new Trial();
          for (int i = next.getAndIncrement(); i < left.size(); i = next.getAndIncrement()) {
            plan[left.get(i)] = trial.plan(target.tiles().get(left.get(i)));
            synchronized (listener) {
              listener.progress(
                  ProgressListener.Step.SELECTING, done.incrementAndGet(), left.size());
            }
          }
        });
  }

  /** Compresses tiles again, on one thread. */
  private final class Trial {
    private final int blockSize = target.superblock().blockSize();
    private final BlockReader reader = target.reader();
    private final BlockReader storedReader = target.reader();
    private final ByteBuffer again = ByteBuffer.allocateDirect(Toolbox.room(blockSize));

    PlannedTile plan(Tile tile) throws IOException {
      if (!tile.uncompressed()) {
        try {
          ByteBuffer plain = reader.plain(tile.offset(), tile.length(), false, blockSize);
          ByteBuffer stored = storedReader.stored(tile.offset(), tile.length());
          int way =
              plain.limit() == 0 ? -1 : way(toolbox.data(), plain, 0, plain.limit(), stored, again);
          if (way >= 0) {
            return new PlannedTile(tile, How.RECOMPRESS, way, plain.limit());
          }
        } catch (DeltaException _) {
          return new PlannedTile(tile, How.VERBATIM, 0, tile.length());
        }
      }
      return new PlannedTile(tile, How.VERBATIM, 0, tile.length());
    }
  }

  /**
   * The first of these compressors that makes {@code stored} of a range of {@code plain}; -1 if
   * none does.
   *
   * @param again direct, with room for what comes of it
   */
  static int way(
      List<Compressor> compressors,
      ByteBuffer plain,
      int from,
      int length,
      ByteBuffer stored,
      ByteBuffer again) {
    for (int i = 0; i < compressors.size(); i++) {
      try {
        int n = compressors.get(i).compress(plain, from, length, again.clear(), 0, again.limit());
        if (again.limit(n).equals(stored)) {
          return i;
        }
      } catch (CodecException _) {
        continue; // the next one may do
      }
    }
    return -1;
  }
}
