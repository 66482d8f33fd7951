package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the target image from the source image and a delta.
 *
 * <p>A patch consists of windows that can be decoded alone. The last is decoded first, since the
 * target's block list stands at its end; then all cores decode windows and compress the blocks that
 * come of them, and write what they made to its place. Nothing is written twice, and nothing but
 * the target is written.
 *
 * <p>Memory, for an image of any length: windows of the patch that are in work (8 MiB each as
 * xdelta3 makes them; 96 MiB together, and not over a third of the heap, or a single one, which may
 * have 64 MiB and its sections as much again), 12 bytes for each listed block, and outside the heap
 * 64 MiB for decompressed blocks of the source and a few for each core. Of the source are mapped
 * the parts that the windows in work copy from.
 */
public final class DeltaApplier {
  /** Offsets have 32 bits: the largest image in bytes. */
  static final long MAX_IMAGE = 0xffff_ffffL;

  /** The most bytes that an expanded target may have: an image and as much again, uncompressed. */
  static final long MAX_EXPANDED = 4 * MAX_IMAGE;

  /** An applier. */
  public DeltaApplier() {}

  /**
   * Makes the target under its name, unverified; use {@link #stage} to verify it first.
   *
   * @throws DeltaException if the delta is damaged, is not for this source, or can't be reproduced
   *     with the libraries of this system; nothing is left behind then
   */
  public void apply(Path source, Path delta, Path target, ProgressListener listener)
      throws IOException, DeltaException {
    try (StagedImage staged = stage(source, delta, target, listener)) {
      staged.commit();
    }
  }

  /**
   * The same; and what was made is digested while it is made, without reading it again afterwards.
   *
   * @param digest is given the target's bytes; after a failure it is of no use
   */
  public void apply(
      Path source, Path delta, Path target, MessageDigest digest, ProgressListener listener)
      throws IOException, DeltaException {
    try (StagedImage staged = stage(source, delta, target, digest, listener)) {
      staged.commit();
    }
  }

  /**
   * Makes the target beside its place: the caller verifies it, and then commits and closes it.
   *
   * <p>Everything but the caller's digest has been checked then: lengths, the patch's checksums,
   * the lengths of the recompressed blocks.
   *
   * @throws RecompressionException if this system's library compresses a block differently
   * @throws DeltaException if the delta is damaged, or is not for this source
   * @throws IOException if a file can't be read or written; nothing is left behind after any
   */
  public StagedImage stage(Path source, Path delta, Path target, ProgressListener listener)
      throws IOException, DeltaException {
    return stage(source, delta, target, null, listener);
  }

  private static StagedImage stage(
      Path source,
      Path delta,
      Path target,
      @Nullable MessageDigest digest,
      ProgressListener listener)
      throws IOException, DeltaException {
    try (SqdeltaFile file = SqdeltaFile.open(delta);
        FileChannel image = FileChannel.open(source, StandardOpenOption.READ)) {
      long length = checkedLength(source, image);
      file.blocks().check(length);
      PatchIndex index = PatchIndex.read(file.patch());
      if (index.targetLength() > MAX_EXPANDED) {
        throw new DeltaException("makes " + index.targetLength() + " bytes, which no image needs");
      }
      return stage(new Ingredients(file, image, length, index), target, digest, listener);
    } catch (RecompressionException e) {
      String message = delta + ": " + e.getMessage();
      throw new RecompressionException(message, e.block(), e.library());
    } catch (DeltaException e) {
      throw new DeltaException(delta + " on " + source + ": " + e.getMessage(), e);
    }
  }

  private static long checkedLength(Path source, FileChannel image)
      throws IOException, DeltaException {
    if (image.size() > MAX_IMAGE) {
      throw new DeltaException(source + " is over 4 GiB, which .sqdelta can't address");
    }
    return image.size();
  }

  private static StagedImage stage(
      Ingredients from, Path target, @Nullable MessageDigest digest, ProgressListener listener)
      throws IOException, DeltaException {
    DecodedTarget end;
    TargetShape shape;
    try (ExpandedImage source = from.source()) {
      end = new DecodedTarget(from.index(), from.decoder(source));
      shape = TargetShape.read(end);
    }
    StagedImage staged = StagedImage.create(target, shape.imageLength());
    try {
      Optional<DecodedWindow> last = Optional.of(end.last());
      if (shape.blocks().size() == 0) {
        run(new ApplyPass(from, shape, staged, null, last, listener), digest);
      } else {
        recompress(from, shape, staged, last, digest, listener);
      }
      return staged;
    } catch (IOException | DeltaException | RuntimeException | Error e) {
      staged.close();
      throw e;
    }
  }

  /** Makes the target with the first compressor that gives all blocks as the list has them. */
  private static void recompress(
      Ingredients from,
      TargetShape shape,
      StagedImage staged,
      Optional<DecodedWindow> last,
      @Nullable MessageDigest digest,
      ProgressListener listener)
      throws IOException, DeltaException {
    Optional<DecodedWindow> before = last;
    List<Mismatch> mismatches = new ArrayList<>();
    for (Compressor compressor : compressors(shape)) {
      // One for all: a block that becomes as long with the wrong one would else go unnoticed.
      Optional<Mismatch> mismatch =
          run(new ApplyPass(from, shape, staged, compressor, before, listener), digest);
      if (mismatch.isEmpty()) {
        return;
      }
      mismatches.add(mismatch.get());
      before = Optional.empty();
    }
    throw Mismatch.failure(mismatches, shape.blocks());
  }

  private static Optional<Mismatch> run(ApplyPass pass, @Nullable MessageDigest digest)
      throws IOException, DeltaException {
    return digest == null ? pass.run() : pass.run(digest);
  }

  private static List<Compressor> compressors(TargetShape shape) throws DeltaException {
    try {
      return shape.header().compression().compressors();
    } catch (CodecException e) {
      throw new DeltaException(e.getMessage() + " to compress the target's blocks", e);
    }
  }
}
