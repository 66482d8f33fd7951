package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.delta.DeltaException;
import io.strata.delta.Progress;
import io.strata.delta.ProgressListener;
import io.strata.delta.RecompressionException;
import io.strata.delta.StagedImage;
import io.strata.delta.sqdelta2.MetadataReader.Piece;
import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the target image from the source image and an {@code .sqdelta2}.
 *
 * <p>Checks the source's digest first, tries its compressor on a block of the source, and gives the
 * target its name only when its digest is right. Each core has a frame of at most 4 MiB and its
 * dictionary of at most 16 MiB in memory, besides the metadata of both images.
 */
public final class Sqdelta2Applier {

  /** An applier. */
  public Sqdelta2Applier() {}

  /**
   * Makes the target under its name.
   *
   * @throws RecompressionException if this system's library compresses a block differently
   * @throws DeltaException if the delta is damaged, or is not for this source
   * @throws IOException if a file can't be read or written; nothing is left behind after any
   */
  public void apply(Path source, Path delta, Path target, ProgressListener listener)
      throws IOException, DeltaException {
    try (StagedImage staged = stage(source, delta, target, listener)) {
      staged.commit();
    }
  }

  /**
   * Makes the target beside its place, whole and with the digest that the delta has for it: the
   * caller commits and closes it.
   */
  public StagedImage stage(Path source, Path delta, Path target, ProgressListener listener)
      throws IOException, DeltaException {
    try (DeltaReader file = DeltaReader.open(delta);
        FileChannel image = FileChannel.open(source, StandardOpenOption.READ)) {
      checkSource(file.header(), image);
      StagedImage staged = StagedImage.create(target, file.header().targetLength());
      try {
        write(file, ImageModel.read(image), staged, listener);
        return staged;
      } catch (IOException | DeltaException | RuntimeException | Error e) {
        staged.close();
        throw e;
      }
    } catch (RecompressionException e) {
      String message = delta + ": " + e.getMessage();
      throw new RecompressionException(message, e.block(), e.library());
    } catch (DeltaException e) {
      throw new DeltaException(delta + " on " + source + ": " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      throw new DeltaException(
          delta + ": takes more memory than Java has here: give it more, or fetch the image", e);
    }
  }

  private static void checkSource(Header header, FileChannel image)
      throws IOException, DeltaException {
    boolean same =
        image.size() == header.sourceLength()
            && Arrays.equals(Sha2.SHA_256.of(image), header.sourceDigest());
    if (!same) {
      throw new DeltaException("was made for another image: name that, or fetch the new one");
    }
  }

  private static void write(
      DeltaReader delta, ImageModel source, StagedImage target, ProgressListener listener)
      throws IOException, DeltaException {
    Header header = delta.header();
    Progress progress =
        new Progress(listener, ProgressListener.Step.APPLYING, header.targetLength());
    Toolbox toolbox = toolbox(header);
    new Probe(source, toolbox).check(header);
    ResidualReader values = delta.columns();
    List<PlannedTile> tiles =
        new TileWalk(
                values,
                source.tiles(),
                1 << header.blockLog(),
                header.ways().size(),
                header.targetLength())
            .run(List.of());
    List<Frame> frames =
        new FrameWalk(values, Slots.of(source)).read(tiles, delta.contentStart(), delta.length());
    List<Piece> pieces =
        new MetadataReader(delta, values, source, tiles.stream().map(PlannedTile::tile).toList())
            .read();
    FrameContent packing =
        new FrameContent(Slots.of(source), tiles, frames, 1 << header.blockLog());
    TargetWriter writer = new TargetWriter(delta, packing, source, toolbox, target, progress);
    writer.addFrames(frames);
    writer.addPieces(pieces);
    writer.addCopies(tiles);
    writer.run();
    finish(header, target);
  }

  private static Toolbox toolbox(Header header) throws DeltaException {
    try {
      return Toolbox.of(header.ways());
    } catch (CodecException e) {
      throw new DeltaException(e.getMessage() + " to compress the target's blocks", e);
    }
  }

  /** Lengthens the target to its length with NULs, and checks its digest. */
  private static void finish(Header header, StagedImage target) throws IOException, DeltaException {
    long length = target.channel().size();
    if (length > header.targetLength()) {
      throw new DeltaException("makes " + length + " bytes instead of " + header.targetLength());
    }
    if (length < header.targetLength()) {
      target.write(ByteBuffer.allocate(1), header.targetLength() - 1);
    }
    if (!Arrays.equals(Sha2.SHA_256.of(target.channel()), header.targetDigest())) {
      throw new DeltaException(
          "makes an image with another digest. It is damaged, or was made with another version of "
              + header.library()
              + ": fetch the image");
    }
  }
}
