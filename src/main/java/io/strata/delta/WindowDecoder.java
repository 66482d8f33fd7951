package io.strata.delta;

import java.io.IOException;
import java.util.Arrays;

/** Runs the instructions of windows, one window after another. */
final class WindowDecoder {
  private final CodeTable table = new CodeTable();
  private final AddressCache cache = new AddressCache();
  private byte[] target = new byte[0];
  private int at;
  private int end;

  /**
   * Makes the bytes of a window.
   *
   * @param segment what the source segment is taken from; the window was checked against it
   * @param into receives them from index 0 on, and has room
   */
  void decode(
      VcdiffWindow window,
      Section data,
      Section inst,
      Section addr,
      RandomBytes segment,
      byte[] into)
      throws IOException, DeltaException {
    target = into;
    end = window.targetLength();
    at = 0;
    cache.clear();
    while (inst.hasRemaining()) {
      int code = inst.u8();
      for (int half = 0; half < 2; half++) {
        int type = table.type(code, half);
        if (type != CodeTable.NOOP) {
          run(type, size(table.size(code, half), inst), window, data, addr, segment);
        }
      }
    }
    if (at != end) {
      throw new DeltaException("the window makes " + at + " bytes instead of " + end);
    }
    data.checkUsedUp();
    addr.checkUsedUp();
  }

  private int size(int fromTable, Section inst) throws DeltaException {
    long size = fromTable != 0 ? fromTable : inst.integer();
    if (size > end - at) {
      throw new DeltaException(
          "an instruction makes " + size + " bytes where " + (end - at) + " are left");
    }
    return (int) size;
  }

  private void run(
      int type, int size, VcdiffWindow window, Section data, Section addr, RandomBytes segment)
      throws IOException, DeltaException {
    switch (type) {
      case CodeTable.ADD -> data.copy(target, at, size);
      case CodeTable.RUN -> Arrays.fill(target, at, at + size, (byte) data.u8());
      default -> {
        long here = window.segmentLength() + at;
        copy(cache.decode(type - CodeTable.COPY, here, addr), size, window, segment);
      }
    }
    at += size;
  }

  private void copy(long address, int size, VcdiffWindow window, RandomBytes segment)
      throws IOException, DeltaException {
    long left = window.segmentLength() - address;
    int fromSegment = (int) Math.clamp(left, 0, size);
    if (fromSegment > 0) {
      segment.read(window.segmentOffset() + address, target, at, fromSegment);
    }
    if (fromSegment < size) {
      int from = (int) Math.max(-left, 0);
      copyInside(from, at + fromSegment, size - fromSegment);
    }
  }

  /** A copy within the window may read what it writes: then it repeats itself. */
  private void copyInside(int from, int to, int size) {
    int distance = to - from;
    int done = 0;
    while (done < size) {
      int n = Math.min(distance + done, size - done);
      System.arraycopy(target, from, target, to + done, n);
      done += n;
    }
  }
}
