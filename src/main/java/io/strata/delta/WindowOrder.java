package io.strata.delta;

/**
 * The order in which the windows of a patch are decoded: as the image needs them from its start to
 * its end. Its own bytes and its blocks stand in different windows of the expanded form, each in
 * the order of the image, so this merges the two.
 */
final class WindowOrder {
  private WindowOrder() {}

  /** The numbers of all windows. */
  static int[] of(PatchIndex index, TargetShape shape) {
    int[] order = new int[index.windows()];
    int firstBehind = index.windowAt(shape.imageLength());
    int own = 0;
    int behind = firstBehind;
    for (int i = 0; i < order.length; i++) {
      boolean ownFirst =
          own < firstBehind
              && (behind == order.length || index.start(own) <= neededAt(behind, index, shape));
      order[i] = ownFirst ? own++ : behind++;
    }
    return order;
  }

  /** Where in the image the first of a window's blocks is; at no place if it has none. */
  private static long neededAt(int window, PatchIndex index, TargetShape shape) {
    long plain = Math.max(index.start(window) - shape.imageLength(), 0);
    BlockList blocks = shape.blocks();
    return plain < blocks.uncompressedLength()
        ? blocks.offset(blocks.plainAt(plain))
        : Long.MAX_VALUE;
  }
}
