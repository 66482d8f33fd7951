package io.strata.delta;

import java.io.IOException;

/**
 * The header of a VCDIFF, RFC 3284 section 4.1.
 *
 * @param secondary whether sections may be compressed with DJW
 */
record VcdiffHeader(boolean secondary) {
  /** "VCD" with the highest bits set, and version 0. */
  private static final int MAGIC = 0xd6c3c400;

  private static final int VCD_DECOMPRESS = 0x01;
  private static final int VCD_CODETABLE = 0x02;

  /** An extension of xdelta3: bytes for the application, its file names usually. */
  private static final int VCD_APPHEADER = 0x04;

  private static final int VCD_DJW_ID = 1;
  private static final int VCD_LZMA_ID = 2;
  private static final int VCD_FGK_ID = 16;

  static VcdiffHeader read(PatchInput in) throws IOException, DeltaException {
    long start = in.position();
    int magic = in.u32();
    if (magic != MAGIC) {
      throw new DeltaException(
          "no VCDIFF of version 0 at offset %d: 0x%08x".formatted(start, magic));
    }
    int indicator = in.u8();
    if ((indicator & ~(VCD_DECOMPRESS | VCD_CODETABLE | VCD_APPHEADER)) != 0) {
      throw new DeltaException("unknown VCDIFF header indicator 0x%02x".formatted(indicator));
    }
    boolean secondary = (indicator & VCD_DECOMPRESS) != 0;
    if (secondary) {
      checkSecondary(in.u8());
    }
    if ((indicator & VCD_CODETABLE) != 0) {
      throw new DeltaException("the VCDIFF brings its own code table, which is not supported");
    }
    if ((indicator & VCD_APPHEADER) != 0) {
      in.skip(in.integer());
    }
    return new VcdiffHeader(secondary);
  }

  private static void checkSecondary(int id) throws DeltaException {
    if (id != VCD_DJW_ID) {
      String name =
          switch (id) {
            case VCD_LZMA_ID -> "LZMA";
            case VCD_FGK_ID -> "FGK";
            default -> "unknown";
          };
      throw new DeltaException(
          "the VCDIFF's secondary compression "
              + id
              + " ("
              + name
              + ") is not supported; xdelta3 -S djw and -S none are");
    }
  }
}
