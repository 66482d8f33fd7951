package io.strata.delta;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a delta says about itself. The target's own list is inside the patch, and not in here.
 *
 * @param length length of the file in bytes
 * @param compression how the listed blocks are compressed
 * @param sourceBlocks how many blocks of the source are listed
 * @param sourceBlocksLength how long these are in the source, in bytes
 * @param sourceBlocksUncompressed how long these are uncompressed, in bytes
 * @param patchLength length of the VCDIFF in bytes
 * @param windows how many windows the VCDIFF has
 * @param expandedSourceLength how far the VCDIFF reaches into the expanded source, in bytes: the
 *     expanded source has at least this length
 * @param expandedTargetLength length of the expanded target in bytes
 */
public record DeltaInfo(
    long length,
    SqdeltaCompression compression,
    int sourceBlocks,
    long sourceBlocksLength,
    long sourceBlocksUncompressed,
    long patchLength,
    int windows,
    long expandedSourceLength,
    long expandedTargetLength) {
  /**
   * Reads the headers of a delta, and applies nothing.
   *
   * @throws DeltaException if it is damaged or of a kind that is not known
   */
  public static DeltaInfo read(Path delta) throws IOException, DeltaException {
    try (SqdeltaFile file = SqdeltaFile.open(delta)) {
      BlockList blocks = file.blocks().check(DeltaApplier.MAX_IMAGE);
      PatchIndex patch = PatchIndex.read(file.patch());
      return new DeltaInfo(
          file.length(),
          file.header().compression(),
          blocks.size(),
          blocks.compressedLength(),
          blocks.uncompressedLength(),
          file.length() - file.header().lengthWithList(),
          patch.windows(),
          patch.sourceLength(),
          patch.targetLength());
    } catch (DeltaException e) {
      throw new DeltaException(delta + ": " + e.getMessage(), e);
    }
  }
}
