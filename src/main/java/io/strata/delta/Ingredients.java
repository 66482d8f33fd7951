package io.strata.delta;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * What a target is made of; everything was checked that can be without decoding. Each worker takes
 * readers of its own.
 *
 * @param delta the open delta
 * @param image the open source
 * @param imageLength its length in bytes
 * @param index of the delta's patch
 */
record Ingredients(SqdeltaFile delta, FileChannel image, long imageLength, PatchIndex index) {
  /** Bytes outside the heap for decompressed blocks of the source, of all workers together. */
  private static final int BLOCK_MEMORY = 64 << 20;

  /** The expanded source. */
  ExpandedImage source() {
    int share = BLOCK_MEMORY / Runtime.getRuntime().availableProcessors();
    return new ExpandedImage(image, imageLength, delta.header(), delta.blocks(), share);
  }

  /** What decodes the patch on that source. */
  VcdiffDecoder decoder(ExpandedImage source) throws IOException {
    return new VcdiffDecoder(delta.patch(), index, source);
  }
}
