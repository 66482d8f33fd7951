package io.strata.delta;

import java.util.List;

/**
 * A block that came out wrong.
 *
 * @param block its number in the target's list
 * @param library which compressed it, and its version
 * @param result how long it became, or why it became nothing
 */
record Mismatch(int block, String library, String result) {
  /** The failure, by one mismatch for each compressor that was tried. */
  static RecompressionException failure(List<Mismatch> mismatches, BlockList blocks) {
    StringBuilder message = new StringBuilder();
    for (Mismatch mismatch : mismatches) {
      message.append(message.isEmpty() ? "" : "; ").append(mismatch.describe(blocks));
    }
    message.append(". The delta was made with another version of the library");
    Mismatch first = mismatches.getFirst();
    return new RecompressionException(message.toString(), first.block, first.library);
  }

  private String describe(BlockList blocks) {
    return "block "
        + block
        + " of "
        + blocks.size()
        + " at offset "
        + blocks.offset(block)
        + ": "
        + library
        + " compresses its "
        + blocks.uncompressedLength(block)
        + " bytes to "
        + result
        + ", the image has "
        + blocks.length(block);
  }
}
