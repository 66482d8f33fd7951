package io.strata.delta;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes windows of the expanded target, in any order: writes what is the image's own into its
 * place, and finds the blocks that are to be compressed. For any number of threads.
 *
 * <p>A block that lies in several windows is put together in memory of its own. There are few of
 * those at a time, as windows are handed out in order.
 */
final class TargetAssembly {
  private final PatchIndex index;
  private final TargetShape shape;
  private final StagedImage staged;

  /** Blocks of which some windows have come; guarded by this. */
  private final Map<Integer, Split> split = new HashMap<>();

  TargetAssembly(PatchIndex index, TargetShape shape, StagedImage staged) {
    this.index = index;
    this.shape = shape;
    this.staged = staged;
  }

  /** A block of which some bytes are there. */
  private static final class Split {
    final byte[] bytes;
    int missing;

    Split(int length) {
      bytes = new byte[length];
      missing = length;
    }
  }

  /** Takes a window, and gives the blocks that are whole now. */
  List<PlainBlock> take(DecodedWindow window) throws IOException {
    long start = index.start(window.number());
    long end = start + index.length(window.number());
    if (start < shape.imageLength()) {
      writeImage(window.bytes(), start, Math.min(end, shape.imageLength()));
    }
    long plainEnd = shape.imageLength() + shape.blocks().uncompressedLength();
    if (Math.max(start, shape.imageLength()) < Math.min(end, plainEnd)) {
      return blocks(window, start, Math.min(end, plainEnd));
    }
    return List.of();
  }

  /** Writes what is not inside a block. */
  private void writeImage(byte[] bytes, long start, long end) throws IOException {
    BlockList blocks = shape.blocks();
    int block = blocks.atOrBefore(start);
    long at = block < 0 ? start : Math.max(start, blocks.end(block));
    while (at < end) {
      block++;
      long until = block < blocks.size() ? Math.min(blocks.offset(block), end) : end;
      staged.write(bytes, (int) (at - start), (int) (until - at), at);
      at = block < blocks.size() ? blocks.end(block) : end;
    }
  }

  private List<PlainBlock> blocks(DecodedWindow window, long start, long end) {
    BlockList blocks = shape.blocks();
    List<PlainBlock> whole = new ArrayList<>();
    int block = blocks.plainAt(Math.max(start - shape.imageLength(), 0));
    long from = shape.imageLength() + blocks.plainStart(block);
    while (from < end) {
      long until = from + blocks.uncompressedLength(block);
      if (from >= start && until <= end) {
        whole.add(new PlainBlock(block, window.bytes(), (int) (from - start), window));
      } else {
        PlainBlock last = piece(block, from, window.bytes(), start, Math.min(until, end));
        if (last != null) {
          whole.add(last);
        }
      }
      block++;
      from = until;
    }
    return whole;
  }

  /**
   * Keeps a piece of a block.
   *
   * @param from where the block starts in the expanded target
   * @param start where the window starts there
   * @param end where the piece ends there
   * @return the block, if this was its last piece
   */
  private synchronized @Nullable PlainBlock piece(
      int block, long from, byte[] window, long start, long end) {
    Split parts =
        split.computeIfAbsent(block, b -> new Split(shape.blocks().uncompressedLength(b)));
    long begin = Math.max(from, start);
    int length = (int) (end - begin);
    System.arraycopy(window, (int) (begin - start), parts.bytes, (int) (begin - from), length);
    parts.missing -= length;
    if (parts.missing > 0) {
      return null;
    }
    split.remove(block);
    return new PlainBlock(block, parts.bytes, 0, null);
  }
}
