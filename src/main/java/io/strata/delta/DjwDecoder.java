package io.strata.delta;

/**
 * DJW, xdelta3's secondary compression number 1: Huffman codes over bytes, with up to eight codes
 * of which each sector of the section chooses one.
 *
 * <p>A compressed section is its uncompressed size (an integer of RFC 3284) and then bits: the
 * number of codes less one (3 bits); if there is more than one, the sector size divided by five,
 * less one (5 bits); the lengths of the code for code lengths (4 bits for their number, less 7, and
 * 4 bits for each); the code lengths of all codes, as move-to-front positions with runs; if there
 * is more than one code, the lengths of the code for choices (3 bits each) and the choices, in the
 * same way; then the sectors' bytes.
 *
 * <p>Source: the xdelta3 program, whose patches are the only specification.
 */
final class DjwDecoder {
  private static final int ALPHABET = 256;
  private static final int GROUP_BITS = 3;
  private static final int SECTOR_SIZE_BITS = 5;
  private static final int SECTOR_SIZE_UNIT = 5;
  private static final int MAX_CODE_LENGTH = 20;

  /** Code lengths 0 to 20 as positions 1 to 20, and two for runs. */
  private static final int LENGTH_CODES = MAX_CODE_LENGTH + 2;

  private static final int LENGTH_COUNT_BITS = 4;
  private static final int LENGTH_COUNT_OFFSET = 7;
  private static final int LENGTH_LENGTH_BITS = 4;
  private static final int MAX_LENGTH_LENGTH = 15;
  private static final int CHOICE_LENGTH_BITS = 3;
  private static final int MAX_CHOICE_LENGTH = 7;

  private final BitInput in;
  private final byte[] target;

  private DjwDecoder(BitInput in, byte[] target) {
    this.in = in;
    this.target = target;
  }

  /**
   * Decompresses a section.
   *
   * @param most the most bytes that it may have uncompressed
   */
  static byte[] decode(String name, byte[] compressed, int most) throws DeltaException {
    Section prefix = new Section(name, compressed);
    long size = prefix.integer();
    int start = integerLength(compressed);
    // A byte takes one bit at least, so that a short section can't claim much.
    if (size < 1 || size > most || size > (compressed.length - (long) start) * Byte.SIZE) {
      throw new DeltaException("the compressed " + name + " section claims " + size + " bytes");
    }
    BitInput in = new BitInput(compressed, start);
    byte[] target = new byte[(int) size];
    new DjwDecoder(in, target).decode();
    if (in.unread() > 0) {
      throw new DeltaException("the compressed " + name + " section is too long");
    }
    return target;
  }

  private static int integerLength(byte[] bytes) {
    int n = 1;
    while (bytes[n - 1] < 0) {
      n++;
    }
    return n;
  }

  private void decode() throws DeltaException {
    int groups = in.bits(GROUP_BITS) + 1;
    int sectorSize =
        groups == 1 ? target.length : (in.bits(SECTOR_SIZE_BITS) + 1) * SECTOR_SIZE_UNIT;
    PrefixCode[] codes = codes(groups);
    if (groups == 1) {
      sector(codes[0], 0, target.length);
      return;
    }
    byte[] choices = choices(groups, (target.length - 1) / sectorSize + 1);
    for (int i = 0; i < choices.length; i++) {
      int from = i * sectorSize;
      sector(codes[choices[i]], from, Math.min(sectorSize, target.length - from));
    }
  }

  private PrefixCode[] codes(int groups) throws DeltaException {
    PrefixCode lengthCode = lengthCode();
    byte[] lengths = new byte[groups * ALPHABET];
    new RunDecoder(in, lengthCode, RunDecoder.lengthPositions()).decode(lengths, ALPHABET);
    PrefixCode[] codes = new PrefixCode[groups];
    for (int i = 0; i < groups; i++) {
      codes[i] = new PrefixCode(lengths, i * ALPHABET, ALPHABET, MAX_CODE_LENGTH);
    }
    return codes;
  }

  private PrefixCode lengthCode() throws DeltaException {
    int count = in.bits(LENGTH_COUNT_BITS) + LENGTH_COUNT_OFFSET;
    byte[] lengths = new byte[LENGTH_CODES];
    for (int i = 0; i < count; i++) {
      lengths[i] = (byte) in.bits(LENGTH_LENGTH_BITS);
    }
    return new PrefixCode(lengths, 0, LENGTH_CODES, MAX_LENGTH_LENGTH);
  }

  private byte[] choices(int groups, int sectors) throws DeltaException {
    byte[] lengths = new byte[groups + 1];
    byte[] positions = new byte[groups];
    for (int i = 0; i <= groups; i++) {
      lengths[i] = (byte) in.bits(CHOICE_LENGTH_BITS);
    }
    for (int i = 0; i < groups; i++) {
      positions[i] = (byte) i;
    }
    PrefixCode code = new PrefixCode(lengths, 0, lengths.length, MAX_CHOICE_LENGTH);
    byte[] choices = new byte[sectors];
    new RunDecoder(in, code, positions).decode(choices, 0);
    return choices;
  }

  private void sector(PrefixCode code, int from, int length) throws DeltaException {
    for (int i = from; i < from + length; i++) {
      target[i] = (byte) code.decode(in);
    }
  }
}
