package io.strata.delta;

import io.strata.codec.CodecException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes the target image from the source image and a delta.
 *
 * <p>Holds neither image in memory: one window of the patch (8 MiB as xdelta3 makes them, 64 MiB at
 * most), and up to 64 MiB of decompressed blocks. On disk it needs room for the expanded target,
 * until it is cut to the target's length.
 */
public final class DeltaApplier {
  /** Offsets have 32 bits: the largest image in bytes. */
  static final long MAX_IMAGE = 0xffff_ffffL;

  /** The most bytes that an expanded target may have: an image and as much again, uncompressed. */
  private static final long MAX_EXPANDED = 4 * MAX_IMAGE;

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
    try (SqdeltaFile file = SqdeltaFile.open(delta);
        FileChannel image = FileChannel.open(source, StandardOpenOption.READ)) {
      BlockList blocks = file.blocks().check(checkedLength(source, image));
      PatchSummary patch = PatchSummary.read(file.patch());
      checkRoom(patch, target);
      StagedImage staged = StagedImage.create(target);
      try {
        patch(file, blocks, image, patch, staged, listener);
        finish(staged, listener);
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
    }
  }

  private static long checkedLength(Path source, FileChannel image)
      throws IOException, DeltaException {
    if (image.size() > MAX_IMAGE) {
      throw new DeltaException(source + " is over 4 GiB, which .sqdelta can't address");
    }
    return image.size();
  }

  private static void checkRoom(PatchSummary patch, Path target)
      throws IOException, DeltaException {
    if (patch.targetLength() > MAX_EXPANDED) {
      throw new DeltaException("makes " + patch.targetLength() + " bytes, which no image needs");
    }
    Path directory = target.toAbsolutePath().getParent();
    long room = Files.getFileStore(directory == null ? target : directory).getUsableSpace();
    if (patch.targetLength() > room) {
      throw new FileSystemException(
          target.toString(),
          null,
          "no space left on device: needs " + patch.targetLength() + " bytes, there are " + room);
    }
  }

  private static void patch(
      SqdeltaFile file,
      BlockList blocks,
      FileChannel image,
      PatchSummary patch,
      StagedImage staged,
      ProgressListener listener)
      throws IOException, DeltaException {
    try (Arena arena = Arena.ofConfined()) {
      ExpandedImage expanded = new ExpandedImage(image, file.header(), blocks, arena);
      new VcdiffDecoder(file.patch(), expanded, staged).decode(patch.targetLength(), listener);
    }
  }

  /** Makes the image of its expanded form, in place. */
  private static void finish(StagedImage staged, ProgressListener listener)
      throws IOException, DeltaException {
    SqdeltaHeader header = SqdeltaHeader.read(tail(staged, SqdeltaHeader.SIZE), 0);
    int tailLength = header.lengthWithList();
    BlockList blocks = BlockList.read(tail(staged, tailLength), 0, header.blockCount());
    long imageLength = staged.length() - tailLength - blocks.uncompressedLength();
    if (imageLength < 0 || imageLength > MAX_IMAGE) {
      throw new DeltaException("the target's block list does not fit its length");
    }
    blocks.check(imageLength);
    if (blocks.size() > 0) {
      recompress(staged, header, blocks, imageLength, listener);
    }
    staged.truncate(imageLength);
  }

  private static void recompress(
      StagedImage staged,
      SqdeltaHeader header,
      BlockList blocks,
      long imageLength,
      ProgressListener listener)
      throws IOException, DeltaException {
    try {
      new Recompressor(staged, blocks, imageLength, listener)
          .run(header.compression().compressors());
    } catch (CodecException e) {
      throw new DeltaException(e.getMessage() + " to compress the target's blocks", e);
    }
  }

  private static ByteBuffer tail(StagedImage staged, int length)
      throws IOException, DeltaException {
    if (staged.length() < length) {
      throw new DeltaException("the patch makes " + staged.length() + " bytes, too few for a list");
    }
    byte[] tail = new byte[length];
    staged.read(staged.length() - length, tail, 0, length);
    return ByteBuffer.wrap(tail);
  }
}
