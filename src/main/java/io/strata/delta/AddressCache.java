package io.strata.delta;

import java.util.Arrays;

/** The address cache of RFC 3284 section 5.3 in its default size; one per window. */
final class AddressCache {
  private static final int VCD_SELF = 0;
  private static final int VCD_HERE = 1;
  private static final int NEAR = 4;
  private static final int SAME = 3;
  private static final int FIRST_NEAR = 2;
  private static final int FIRST_SAME = FIRST_NEAR + NEAR;

  private final long[] near = new long[NEAR];
  private final long[] same = new long[SAME * 256];
  private int nextSlot;

  void clear() {
    Arrays.fill(near, 0);
    Arrays.fill(same, 0);
    nextSlot = 0;
  }

  /**
   * Decodes an address.
   *
   * @param here where the copy goes, counted from the start of the source segment
   * @return an address from 0 to {@code here - 1}
   */
  long decode(int mode, long here, Section addresses) throws DeltaException {
    long address = address(mode, here, addresses);
    if (address < 0 || address >= here) {
      throw new DeltaException("a copy from " + address + ", which is not before " + here);
    }
    near[nextSlot] = address;
    nextSlot = (nextSlot + 1) % NEAR;
    same[(int) (address % same.length)] = address;
    return address;
  }

  private long address(int mode, long here, Section addresses) throws DeltaException {
    if (mode >= FIRST_SAME) {
      return same[(mode - FIRST_SAME) * 256 + addresses.u8()];
    }
    long value = addresses.integer();
    return switch (mode) {
      case VCD_SELF -> value;
      case VCD_HERE -> here - value;
      default -> near[mode - FIRST_NEAR] + value; // an overflow is negative, and refused
    };
  }
}
