package io.strata.delta;

import java.io.IOException;
import java.util.zip.Adler32;

/** Decodes the windows of a VCDIFF, in any order. For one thread. */
final class VcdiffDecoder {
  private final PatchInput in;
  private final PatchIndex index;
  private final RandomBytes source;
  private final WindowDecoder decoder = new WindowDecoder();

  VcdiffDecoder(PatchInput in, PatchIndex index, RandomBytes source) {
    this.in = in;
    this.index = index;
    this.source = source;
  }

  /**
   * Decodes one window.
   *
   * @param target receives what it makes, from index 0 on; it must have room for that
   */
  void decode(int window, byte[] target) throws IOException, DeltaException {
    in.seek(index.offset(window));
    try {
      decode(target);
    } catch (DeltaException e) {
      throw index.at(window, e);
    }
  }

  private void decode(byte[] target) throws IOException, DeltaException {
    VcdiffWindow window = VcdiffWindow.read(in, index.header());
    window.checkSegment(source.length());
    Section data = section("data", window.dataLength(), VcdiffWindow.VCD_DATACOMP, window);
    Section inst = section("instructions", window.instLength(), VcdiffWindow.VCD_INSTCOMP, window);
    Section addr = section("addresses", window.addrLength(), VcdiffWindow.VCD_ADDRCOMP, window);
    source.focus(window.segmentOffset(), window.segmentLength());
    decoder.decode(window, data, inst, addr, source, target);
    checkAdler32(window, target);
  }

  private Section section(String name, int length, int compressedBit, VcdiffWindow window)
      throws IOException, DeltaException {
    byte[] bytes = in.bytes(length);
    boolean compressed = (window.deltaIndicator() & compressedBit) != 0;
    return new Section(
        name, compressed ? DjwDecoder.decode(name, bytes, window.most(compressedBit)) : bytes);
  }

  private static void checkAdler32(VcdiffWindow window, byte[] target) throws DeltaException {
    if (!window.is(VcdiffWindow.VCD_ADLER32)) {
      return;
    }
    Adler32 adler = new Adler32();
    adler.update(target, 0, window.targetLength());
    if ((int) adler.getValue() != window.adler32()) {
      throw new DeltaException(
          "checksum is 0x%08x instead of 0x%08x: the source is not the one that the delta was made for, or one of them is damaged"
              .formatted((int) adler.getValue(), window.adler32()));
    }
  }
}
