package io.strata.delta;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where the windows of a patch are and what they make, read without decoding any: so they can be
 * decoded in any order, each alone. Immutable.
 */
final class PatchIndex {
  /** The most windows: 16 GiB in windows of 16 KiB, the smallest that xdelta3 makes. */
  static final int MAX_WINDOWS = 1 << 20;

  private final VcdiffHeader header;
  private int windows;

  /** Where each window's header starts in the file. */
  private long[] offsets = new long[16];

  /** Where each window starts in what the patch makes, and where the last one ends. */
  private long[] starts = new long[16 + 1];

  /** What decoding each window takes, in bytes. */
  private int[] memory = new int[16];

  private long sourceLength;

  private PatchIndex(VcdiffHeader header) {
    this.header = header;
  }

  /**
   * Reads the headers of a whole patch.
   *
   * @throws DeltaException if one is damaged, or there are more than {@link #MAX_WINDOWS}
   */
  static PatchIndex read(PatchInput in) throws IOException, DeltaException {
    PatchIndex index = new PatchIndex(VcdiffHeader.read(in));
    while (in.remaining() > 0) {
      index.add(in);
    }
    return index;
  }

  private void add(PatchInput in) throws IOException, DeltaException {
    if (windows == MAX_WINDOWS) {
      throw new DeltaException("the patch has over " + MAX_WINDOWS + " windows");
    }
    reserve();
    offsets[windows] = in.position();
    try {
      VcdiffWindow window = VcdiffWindow.read(in, header);
      window.checkSegment(Long.MAX_VALUE);
      in.skip(window.sectionsLength());
      starts[windows + 1] = starts[windows] + window.targetLength();
      memory[windows] = window.memory();
      sourceLength = Math.max(sourceLength, window.segmentOffset() + window.segmentLength());
    } catch (DeltaException e) {
      throw at(windows, e);
    }
    windows++;
  }

  private void reserve() {
    if (windows == offsets.length) {
      offsets = Arrays.copyOf(offsets, windows * 2);
      memory = Arrays.copyOf(memory, windows * 2);
      starts = Arrays.copyOf(starts, windows * 2 + 1);
    }
  }

  /** The same failure, with the window where it happened. */
  DeltaException at(int window, DeltaException e) {
    return new DeltaException(
        "window " + window + " at offset " + offsets[window] + ": " + e.getMessage(), e);
  }

  VcdiffHeader header() {
    return header;
  }

  /** How many windows there are. */
  int windows() {
    return windows;
  }

  /** How far into the expanded source they reach, in bytes. */
  long sourceLength() {
    return sourceLength;
  }

  /** How long the expanded target becomes, in bytes. */
  long targetLength() {
    return starts[windows];
  }

  /** Where a window's header is in the file. */
  long offset(int window) {
    return offsets[window];
  }

  /** Where a window starts in the expanded target; {@link #windows()} stands for the end. */
  long start(int window) {
    return starts[window];
  }

  /** How many bytes a window makes. */
  int length(int window) {
    return (int) (starts[window + 1] - starts[window]);
  }

  /** How many bytes of memory it takes to decode a window, with what it makes, at most. */
  int memory(int window) {
    return memory[window];
  }

  /**
   * The window that makes the byte at {@code position}, which must be inside the expanded target.
   */
  int windowAt(long position) {
    int low = 0;
    int high = windows - 1;
    while (low < high) { // the last one that starts at the position or before it
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
