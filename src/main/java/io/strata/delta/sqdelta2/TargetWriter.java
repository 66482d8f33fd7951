package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import io.strata.delta.DeltaException;
import io.strata.delta.Progress;
import io.strata.delta.RecompressionException;
import io.strata.delta.StagedImage;
import io.strata.delta.Workers;
import io.strata.delta.sqdelta2.MetadataReader.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes the parts of the target to their places, on all cores. */
final class TargetWriter {
  private static final int COPY_BUFFER = 1 << 20;
  private static final int PIECES_AT_ONCE = 16;

  private final DeltaReader delta;
  private final FrameContent packing;
  private final ImageModel source;
  private final Toolbox toolbox;
  private final StagedImage target;
  private final Progress progress;
  private final List<Part> parts = new ArrayList<>();

  /** Something to write, on whatever thread. */
  @FunctionalInterface
  private interface Part {
    /** Returns the bytes of the target that it wrote. */
    long write(Bench bench) throws IOException, DeltaException;
  }

  /**
   * A writer.
   *
   * @param packing of the frames that will be added
   */
  TargetWriter(
      DeltaReader delta,
      FrameContent packing,
      ImageModel source,
      Toolbox toolbox,
      StagedImage target,
      Progress progress) {
    this.delta = delta;
    this.packing = packing;
    this.source = source;
    this.toolbox = toolbox;
    this.target = target;
    this.progress = progress;
  }

  /** Adds the frames, which take longest and so come first. */
  void addFrames(List<Frame> frames) {
    for (Frame frame : frames) {
      parts.add(bench -> bench.frame(frame));
    }
  }

  /** Adds the metadata. */
  void addPieces(List<Piece> pieces) {
    for (int i = 0; i < pieces.size(); i += PIECES_AT_ONCE) {
      List<Piece> some = pieces.subList(i, Math.min(i + PIECES_AT_ONCE, pieces.size()));
      parts.add(
          bench -> {
            long bytes = 0;
            for (Piece piece : some) {
              bytes += bench.piece(piece);
            }
            return bytes;
          });
    }
  }

  /** Adds what is copied from the source, tiles that follow each other at once. */
  void addCopies(List<PlannedTile> tiles) {
    int from = 0;
    while (from < tiles.size()) {
      int to = from + 1;
      if (tiles.get(from).how() == PlannedTile.How.COPY) {
        while (to < tiles.size() && follows(tiles.get(to - 1), tiles.get(to))) {
          to++;
        }
        long oldStart = source.tiles().get(tiles.get(from).from()).offset();
        long start = tiles.get(from).tile().offset();
        long length = tiles.get(to - 1).tile().end() - start;
        parts.add(bench -> bench.copy(oldStart, start, length));
      }
      from = to;
    }
  }

  private static boolean follows(PlannedTile tile, PlannedTile next) {
    return next.how() == PlannedTile.How.COPY && next.from() == tile.from() + 1;
  }

  /** Writes all parts that were added. */
  void run() throws IOException, DeltaException {
    AtomicInteger next = new AtomicInteger();
    Workers.run(
        Math.min(parts.size(), Limits.threads()),
        () -> {
          Bench bench = new Bench();
          for (int i = next.getAndIncrement(); i < parts.size(); i = next.getAndIncrement()) {
            progress.add(parts.get(i).write(bench));
          }
        });
  }

  /** What one thread needs. */
  private final class Bench {
    private final OldContent old = new OldContent(source);
    private final Deflation deflation = new Deflation();
    private ByteBuffer plain = ByteBuffer.allocateDirect(MetadataTable.METADATA_SIZE);
    private ByteBuffer stored = ByteBuffer.allocateDirect(Toolbox.room(plain.capacity()));

    long frame(Frame frame) throws IOException, DeltaException {
      byte[] dictionary = old.dictionary(frame.dictionary(), frame.old());
      byte[] bytes = delta.bytes(frame.offset(), frame.stored());
      byte[] matter = packing.unpack(frame, bytes, dictionary);
      byte[] content = frame.members().content(matter, deflation);
      int at = 0;
      long written = 0;
      for (PlannedTile planned : frame.tiles()) {
        long offset = planned.tile().offset();
        if (planned.how() == PlannedTile.How.RECOMPRESS) {
          Compressor compressor = toolbox.data().get(planned.from());
          int length = planned.tile().length();
          written += recompress(compressor, content, at, planned.plainLength(), length, offset);
        } else {
          target.write(ByteBuffer.wrap(content, at, planned.plainLength()), offset);
          written += planned.plainLength();
        }
        at += planned.plainLength();
      }
      return written;
    }

    long piece(Piece piece) throws IOException, DeltaException {
      if (piece.way() == Piece.AS_IT_IS) {
        ByteBuffer bytes = ByteBuffer.wrap(piece.bytes(), piece.from(), piece.length());
        target.write(bytes, piece.offset());
        return piece.length();
      }
      Compressor compressor = toolbox.metadata().get(piece.way());
      int length = MetadataTable.stored(piece.word());
      return recompress(
          compressor, piece.bytes(), piece.from(), piece.length(), length, piece.offset());
    }

    private long recompress(
        Compressor compressor, byte[] bytes, int from, int plainLength, int length, long offset)
        throws IOException, DeltaException {
      if (plain.capacity() < plainLength) {
        plain = ByteBuffer.allocateDirect(plainLength);
        stored = ByteBuffer.allocateDirect(Toolbox.room(plainLength));
      }
      plain.put(0, bytes, from, plainLength);
      String result;
      try {
        int n = compressor.compress(plain, 0, plainLength, stored.clear(), 0, stored.capacity());
        if (n == length) {
          target.write(stored.limit(n), offset);
          return n;
        }
        result = Integer.toString(n);
      } catch (CodecException e) {
        result = "nothing (" + e.getMessage() + ")";
      }
      String message =
          "the block at offset %d: %s compresses its %d bytes to %s, the image has %d. The delta"
              + " was made with %s: install that, or fetch the image";
      throw new RecompressionException(
          message.formatted(
              offset, compressor.library(), plainLength, result, length, delta.header().library()),
          0,
          compressor.library());
    }

    long copy(long from, long to, long length) throws IOException, DeltaException {
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(length, COPY_BUFFER));
      for (long at = 0; at < length; at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
        while (buffer.hasRemaining()) {
          if (source.channel().read(buffer, from + at + buffer.position()) < 0) {
            throw new DeltaException("the source ends before offset " + (from + length));
          }
        }
        target.write(buffer.flip(), to + at);
      }
      return length;
    }
  }
}
