package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import io.strata.delta.StagedImage;
import io.strata.delta.sqdelta2.PlannedTile.How;
import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@code .sqdelta2} between two images.
 *
 * <p>Every block that it lists for recompression was compressed here, and came back bit for bit.
 */
public final class Sqdelta2Maker {
  private static final int PROBES = 16;

  /** A maker. */
  public Sqdelta2Maker() {}

  /**
   * What was made.
   *
   * @param length of the delta in bytes
   * @param copied blocks that the source has
   * @param recompressed blocks that are compressed again
   * @param verbatim other stretches of data
   * @param modelled whether the inodes and directories of the target are as the model has them
   */
  public record Result(long length, int copied, int recompressed, int verbatim, boolean modelled) {}

  /**
   * Makes a delta; it appears under its name only whole. The same images give the same bytes.
   *
   * @param source the older image
   * @param target the newer image
   * @param delta the file to write; replaced if it is there
   * @throws DeltaException if a file is no image
   */
  public Result make(Path source, Path target, Path delta, ProgressListener listener)
      throws IOException, DeltaException {
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel to = FileChannel.open(target, StandardOpenOption.READ);
        StagedImage staged = StagedImage.create(delta);
        StagedImage spool = StagedImage.create(delta)) {
      Result result = make(open(source, from), open(target, to), staged, spool, listener);
      staged.commit();
      return result;
    } catch (OutOfMemoryError e) {
      throw new DeltaException(
          source + " to " + target + ": a delta takes more memory than Java has here: give it more",
          e);
    }
  }

  private static ImageModel open(Path path, FileChannel channel)
      throws IOException, DeltaException {
    try {
      return ImageModel.read(channel);
    } catch (DeltaException e) {
      throw new DeltaException(path + ": " + e.getMessage(), e);
    }
  }

  private static Result make(
      ImageModel source,
      ImageModel target,
      StagedImage staged,
      StagedImage spool,
      ProgressListener listener)
      throws IOException, DeltaException {
    List<Recompression> ways = CompressorGuess.of(target);
    Toolbox toolbox = toolbox(ways);
    @Nullable Inode[] likes = new PathMatcher(source, target).likes();
    List<PlannedTile> tiles = new TilePlanner(source, target, toolbox, listener).plan();
    List<Frame> content = new ContentWriter(source, target, likes, spool, listener).write(tiles);
    ResidualWriter out = new ResidualWriter();
    int blockSize = target.superblock().blockSize();
    new TileWalk(out, source.tiles(), blockSize, ways.size(), target.length()).run(tiles);
    FrameWalk frames = new FrameWalk(out, Slots.of(source));
    for (Frame frame : content) {
      frames.write(frame);
    }
    boolean modelled = new MetadataWriter(source, target, likes, toolbox, out).write();
    Header header =
        new Header(
            source.length(),
            target.length(),
            Sha2.SHA_256.of(source.channel()),
            Sha2.SHA_256.of(target.channel()),
            target.superblock().blockLog(),
            new Probe(source, toolbox).find(PROBES),
            ways,
            toolbox.library());
    write(header, packed(out, source, modelled), staged);
    for (Frame frame : content) {
      byte[] bytes = BlockReader.bytes(spool.channel(), frame.offset(), frame.stored());
      staged.append(bytes, bytes.length);
    }
    return new Result(
        staged.length(),
        count(tiles, How.COPY),
        count(tiles, How.RECOMPRESS),
        count(tiles, How.VERBATIM),
        modelled);
  }

  private static Toolbox toolbox(List<Recompression> ways) throws DeltaException {
    try {
      return Toolbox.of(ways);
    } catch (CodecException e) {
      throw new DeltaException(e.getMessage() + " to make a delta", e);
    }
  }

  private static int count(List<PlannedTile> tiles, How how) {
    return (int) tiles.stream().filter(tile -> tile.how() == how).count();
  }

  /** A column as it stands in the file. */
  private record Packed(int plainLength, byte[] stored) {
    static Packed of(byte[] plain, byte[] dictionary) {
      if (plain.length == 0) {
        return new Packed(0, plain);
      }
      byte[] stored = Zstandard.compress(plain, dictionary);
      return new Packed(plain.length, stored.length < plain.length ? stored : plain);
    }
  }

  private static Map<Column, Packed> packed(
      ResidualWriter out, ImageModel source, boolean modelled) {
    Map<Column, Packed> packed = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      byte[] dictionary =
          switch (column) {
            case TEXT -> Dictionaries.ofTexts(source);
            case RAW -> Dictionaries.ofRaw(source, modelled);
            default -> new byte[0];
          };
      packed.put(column, Packed.of(out.content(column), dictionary));
    }
    return packed;
  }

  private static void write(Header header, Map<Column, Packed> columns, StagedImage staged)
      throws IOException, DeltaException {
    ByteWriter head = new ByteWriter();
    header.write(head);
    List<byte[]> rest = new ArrayList<>();
    long total = 0;
    for (Packed column : columns.values()) {
      head.varint(column.plainLength()).varint(column.stored().length);
      rest.add(column.stored());
      total += column.plainLength();
    }
    if (total > Limits.COLUMNS) {
      throw new DeltaException(
          "the target has too much metadata for a delta: " + total + " bytes; fetch the image");
    }
    staged.append(head.toByteArray(), head.length());
    for (byte[] bytes : rest) {
      staged.append(bytes, bytes.length);
    }
  }
}
