package io.strata.delta;

import java.io.IOException;

/**
 * The expanded target, of which one window at a time is in memory: for looking at its end. For one
 * thread.
 */
final class DecodedTarget implements RandomBytes {
  private final PatchIndex index;
  private final VcdiffDecoder decoder;
  private byte[] bytes = new byte[0];
  private int window = -1;

  DecodedTarget(PatchIndex index, VcdiffDecoder decoder) {
    this.index = index;
    this.decoder = decoder;
  }

  @Override
  public long length() {
    return index.targetLength();
  }

  @Override
  public void read(long offset, byte[] target, int at, int length)
      throws IOException, DeltaException {
    int done = 0;
    while (done < length) {
      long position = offset + done;
      decode(index.windowAt(position));
      int inside = (int) (position - index.start(window));
      int n = Math.min(length - done, index.length(window) - inside);
      System.arraycopy(bytes, inside, target, at + done, n);
      done += n;
    }
  }

  private void decode(int wanted) throws IOException, DeltaException {
    if (wanted == window) {
      return;
    }
    window = -1; // should it fail
    if (bytes.length < index.length(wanted)) {
      bytes = new byte[index.length(wanted)];
    }
    decoder.decode(wanted, bytes);
    window = wanted;
  }

  /** The window that was decoded last. */
  DecodedWindow last() {
    return new DecodedWindow(window, bytes);
  }
}
