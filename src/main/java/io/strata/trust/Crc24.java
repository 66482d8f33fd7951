package io.strata.trust;

/**
 * The checksum of armor; older readers want it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9580#section-6.1.1">RFC 9580 section 6.1.1</a>
 */
final class Crc24 {
  private static final int CRC24_INIT = 0xB704CE;
  private static final int CRC24_GENERATOR = 0x864CFB;
  private static final int TOP = 0x800000;
  private static final int MASK = 0xFFFFFF;

  private Crc24() {}

  /** Three bytes, the most significant first. */
  static byte[] of(byte[] data) {
    int crc = CRC24_INIT;
    for (byte octet : data) {
      crc ^= Byte.toUnsignedInt(octet) << 16;
      for (int bit = 0; bit < 8; bit++) {
        boolean carry = (crc & TOP) != 0;
        crc = (crc << 1) & MASK;
        if (carry) {
          crc ^= CRC24_GENERATOR & MASK;
        }
      }
    }
    return new byte[] {(byte) (crc >> 16), (byte) (crc >> 8), (byte) crc};
  }
}
