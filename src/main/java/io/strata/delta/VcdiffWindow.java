package io.strata.delta;

import java.io.IOException;

/**
 * The header of one window of a VCDIFF, RFC 3284 section 4.2 and 4.3.
 *
 * <p>A window that copies from the target so far (VCD_TARGET) is refused, as xdelta3 does, which
 * neither makes nor applies one: so each window can be decoded alone.
 *
 * @param indicator {@link #VCD_SOURCE} or nothing, and {@link #VCD_ADLER32}
 * @param segmentLength length of the source segment, 0 if there is none
 * @param segmentOffset where the source segment starts in the source
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

  /** The most bytes that a window may make: xdelta3's own limit. */
  static final int MAX_TARGET = 1 << 26;

  /** The most bytes of instructions or addresses; a window of 64 MiB has a few million of each. */
  private static final int MAX_CODES = 1 << 25;

  /** What a section may have beside what the length of its window explains. */
  private static final int SLACK = 1 << 10;

  /** The most bytes that a byte of a compressed section can stand for. */
  private static final int MAX_EXPANSION = 8;

  /** Reads a window's header, up to its data section. */
  static VcdiffWindow read(PatchInput in, VcdiffHeader header) throws IOException, DeltaException {
    int indicator = in.u8();
    checkIndicator(indicator);
    boolean segment = (indicator & VCD_SOURCE) != 0;
    long segmentLength = segment ? in.integer() : 0;
    long segmentOffset = segment ? in.integer() : 0;
    long encodingLength = in.integer();
    long start = in.position();
    int targetLength = in.integer("target window length", MAX_TARGET);
    int deltaIndicator = in.u8();
    checkDeltaIndicator(deltaIndicator, header);
    int dataLength = in.integer("data section length", mostData(targetLength));
    int instLength = in.integer("instructions section length", mostCodes(targetLength));
    int addrLength = in.integer("addresses section length", mostCodes(targetLength));
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
    if ((indicator & VCD_TARGET) != 0) {
      throw new DeltaException(
          "copies from the target so far (VCD_TARGET), which is not supported, nor by xdelta3");
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

  /** Each byte of data makes one of the target at least. */
  private static int mostData(int targetLength) {
    return Math.min(targetLength + SLACK, MAX_TARGET);
  }

  /** An instruction that makes a byte has two bytes, and more than that only if it makes more. */
  private static int mostCodes(int targetLength) {
    return (int) Math.min(2L * targetLength + SLACK, MAX_CODES);
  }

  /**
   * The most bytes that a section may have uncompressed.
   *
   * @param compressedBit {@link #VCD_DATACOMP}, {@link #VCD_INSTCOMP} or {@link #VCD_ADDRCOMP}
   */
  int most(int compressedBit) {
    return compressedBit == VCD_DATACOMP ? mostData(targetLength) : mostCodes(targetLength);
  }

  /** The most bytes of memory that decoding takes: the window's own, and those of its sections. */
  int memory() {
    return targetLength
        + memory(VCD_DATACOMP, dataLength)
        + memory(VCD_INSTCOMP, instLength)
        + memory(VCD_ADDRCOMP, addrLength);
  }

  private int memory(int compressedBit, int length) {
    boolean compressed = (deltaIndicator & compressedBit) != 0;
    long expanded = compressed ? Math.min((long) length * MAX_EXPANSION, most(compressedBit)) : 0;
    return length + (int) expanded;
  }

  /** Length of the three sections in the file. */
  long sectionsLength() {
    return (long) dataLength + instLength + addrLength;
  }

  /**
   * Checks that the source segment is inside what it is taken from.
   *
   * @param available length of the source
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
