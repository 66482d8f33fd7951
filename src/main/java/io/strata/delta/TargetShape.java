package io.strata.delta;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the target will be, as the end of its expanded form says: its header and block list stand
 * there. It is known before the first byte is written, since the last window is decoded first.
 *
 * @param header the target's own
 * @param blocks checked against the image
 * @param imageLength length of the target in bytes
 */
record TargetShape(SqdeltaHeader header, BlockList blocks, long imageLength) {
  /**
   * Reads it.
   *
   * @param expanded the expanded target
   */
  static TargetShape read(RandomBytes expanded) throws IOException, DeltaException {
    long length = expanded.length();
    SqdeltaHeader header = SqdeltaHeader.read(header(expanded), 0);
    long listAt = length - header.lengthWithList();
    if (listAt < 0) {
      throw new DeltaException("the patch makes " + length + " bytes, too few for a list");
    }
    BlockList blocks = BlockList.read(expanded, listAt, header.blockCount());
    long imageLength = listAt - blocks.uncompressedLength();
    if (imageLength < 0 || imageLength > DeltaApplier.MAX_IMAGE) {
      throw new DeltaException("the target's block list does not fit its length");
    }
    return new TargetShape(header, blocks.check(imageLength), imageLength);
  }

  private static ByteBuffer header(RandomBytes expanded) throws IOException, DeltaException {
    byte[] header = new byte[SqdeltaHeader.SIZE];
    if (expanded.length() < header.length) {
      throw new DeltaException(
          "the patch makes " + expanded.length() + " bytes, too few for a header");
    }
    expanded.read(expanded.length() - header.length, header, 0, header.length);
    return ByteBuffer.wrap(header);
  }
}
