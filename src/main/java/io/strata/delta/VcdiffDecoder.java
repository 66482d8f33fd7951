package io.strata.delta;

import java.io.IOException;
import java.util.zip.Adler32;

/** Applies a VCDIFF, a window at a time. */
final class VcdiffDecoder {
  /** Takes what the windows make, and gives it back to windows that copy from it. */
  interface Output extends RandomBytes {
    void append(byte[] bytes, int length) throws IOException;
  }

  private final PatchInput in;
  private final RandomBytes source;
  private final Output output;
  private final WindowDecoder decoder = new WindowDecoder();

  VcdiffDecoder(PatchInput in, RandomBytes source, Output output) {
    this.in = in;
    this.source = source;
    this.output = output;
  }

  /**
   * Runs the whole patch.
   *
   * @param total how much it makes, for the listener
   */
  void decode(long total, ProgressListener listener) throws IOException, DeltaException {
    VcdiffHeader header = VcdiffHeader.read(in);
    for (int number = 0; in.remaining() > 0; number++) {
      long start = in.position();
      try {
        window(header);
      } catch (DeltaException e) {
        throw new DeltaException(
            "window " + number + " at offset " + start + ": " + e.getMessage(), e);
      }
      listener.progress(ProgressListener.Step.PATCHING, output.length(), total);
    }
  }

  private void window(VcdiffHeader header) throws IOException, DeltaException {
    VcdiffWindow window = VcdiffWindow.read(in, header);
    RandomBytes segment = window.is(VcdiffWindow.VCD_TARGET) ? output : source;
    window.checkSegment(segment.length());
    Section data = section("data", window.dataLength(), VcdiffWindow.VCD_DATACOMP, window);
    Section inst = section("instructions", window.instLength(), VcdiffWindow.VCD_INSTCOMP, window);
    Section addr = section("addresses", window.addrLength(), VcdiffWindow.VCD_ADDRCOMP, window);
    decoder.decode(window, data, inst, addr, segment);
    checkAdler32(window);
    output.append(decoder.target(), window.targetLength());
  }

  private Section section(String name, int length, int compressedBit, VcdiffWindow window)
      throws IOException, DeltaException {
    byte[] bytes = in.bytes(length);
    boolean compressed = (window.deltaIndicator() & compressedBit) != 0;
    return new Section(
        name, compressed ? DjwDecoder.decode(name, bytes, VcdiffWindow.MAX_TARGET) : bytes);
  }

  private void checkAdler32(VcdiffWindow window) throws DeltaException {
    if (!window.is(VcdiffWindow.VCD_ADLER32)) {
      return;
    }
    Adler32 adler = new Adler32();
    adler.update(decoder.target(), 0, window.targetLength());
    if ((int) adler.getValue() != window.adler32()) {
      throw new DeltaException(
          "checksum is 0x%08x instead of 0x%08x: the source is not the one that the delta was made for, or one of them is damaged"
              .formatted((int) adler.getValue(), window.adler32()));
    }
  }
}
