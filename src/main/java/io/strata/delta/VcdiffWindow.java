package io.strata.delta;

import java.io.IOException;

/**
 * The header of one window of a VCDIFF, RFC 3284 section 4.2 and 4.3.
 *
 * @param indicator {@link #VCD_SOURCE}, {@link #VCD_TARGET} or neither, and {@link #VCD_ADLER32}
 * @param segmentLength length of the source segment, 0 if there is none
 * @param segmentOffset where the source segment starts in the source or the target so far
 * @param targetLength how many bytes the window makes, at most {@link #MAX_TARGET}
 * @param deltaIndicator which sections are compressed
 * @param dataLength length of the data section as it is in the file, and so on
 * @param instLength of the instructions and sizes section
 * @param addrLength of the addresses section
 * @param adler32 of what the window makes, if the indicator says so
 */
record VcdiffWindow(
    int indicator,
    long segmentLength,
    long segmentOffset,
    int targetLength,
    int deltaIndicator,
    int dataLength,
    int instLength,
    int addrLength,
    int adler32) {
  static final int VCD_SOURCE = 0x01;
  static final int VCD_TARGET = 0x02;

  /** An extension of xdelta3: an Adler-32 stands before the sections. */
  static final int VCD_ADLER32 = 0x04;

  static final int VCD_DATACOMP = 0x01;
  static final int VCD_INSTCOMP = 0x02;
  static final int VCD_ADDRCOMP = 0x04;

  /** The most bytes that a window may make, and a section may hold: xdelta3's own limit. */
  static final int MAX_TARGET = 1 << 26;

  /** Reads a window's header, up to its data section. */
  static VcdiffWindow read(PatchInput in, VcdiffHeader header) throws IOException, DeltaException {
    int indicator = in.u8();
    checkIndicator(indicator);
    boolean segment = (indicator & (VCD_SOURCE | VCD_TARGET)) != 0;
    long segmentLength = segment ? in.integer() : 0;
    long segmentOffset = segment ? in.integer() : 0;
    long encodingLength = in.integer();
    long start = in.position();
    int targetLength = in.integer("target window length", MAX_TARGET);
    int deltaIndicator = in.u8();
    checkDeltaIndicator(deltaIndicator, header);
    int dataLength = in.integer("data section length", MAX_TARGET);
    int instLength = in.integer("instructions section length", MAX_TARGET);
    int addrLength = in.integer("addresses section length", MAX_TARGET);
    int adler32 = (indicator & VCD_ADLER32) != 0 ? in.u32() : 0;
    VcdiffWindow window =
        new VcdiffWindow(
            indicator,
            segmentLength,
            segmentOffset,
            targetLength,
            deltaIndicator,
            dataLength,
            instLength,
            addrLength,
            adler32);
    if (encodingLength != in.position() - start + window.sectionsLength()) {
      throw new DeltaException(
          "delta encoding length " + encodingLength + " is not that of the sections");
    }
    return window;
  }

  private static void checkIndicator(int indicator) throws DeltaException {
    boolean unknown = (indicator & ~(VCD_SOURCE | VCD_TARGET | VCD_ADLER32)) != 0;
    boolean both = (indicator & VCD_SOURCE) != 0 && (indicator & VCD_TARGET) != 0;
    if (unknown || both) {
      throw new DeltaException("invalid window indicator 0x%02x".formatted(indicator));
    }
  }

  private static void checkDeltaIndicator(int indicator, VcdiffHeader header)
      throws DeltaException {
    boolean unknown = (indicator & ~(VCD_DATACOMP | VCD_INSTCOMP | VCD_ADDRCOMP)) != 0;
    if (unknown || (indicator != 0 && !header.secondary())) {
      throw new DeltaException("invalid delta indicator 0x%02x".formatted(indicator));
    }
  }

  boolean is(int bit) {
    return (indicator & bit) != 0;
  }

  /** Length of the three sections in the file. */
  long sectionsLength() {
    return (long) dataLength + instLength + addrLength;
  }

  /**
   * Checks that the source segment is inside what it is taken from.
   *
   * @param available length of the source, or of the target so far
   */
  void checkSegment(long available) throws DeltaException {
    if (segmentLength > available || segmentOffset > available - segmentLength) {
      throw new DeltaException(
          "source segment of "
              + segmentLength
              + " bytes at "
              + segmentOffset
              + " is not inside the "
              + available
              + " there are");
    }
  }
}
