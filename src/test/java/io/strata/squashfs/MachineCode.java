package io.strata.squashfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Something like machine code: calls of a few places from everywhere. The BCJ filters of xz make
 * the relative addresses in it absolute, and so the same, which compresses better; so mksquashfs
 * takes the filter.
 */
enum MachineCode {
  X86,
  ARM,
  ARMTHUMB,
  POWERPC,
  SPARC,
  IA64;

  private static final int PLACES = 5;
  private static final int LONGEST = 16;

  /** Makes {@code size} bytes, always the same. */
  byte[] make(int size) {
    Random random = new Random(ordinal());
    int[] places = random.ints(PLACES, 0, size).map(place -> place & -LONGEST).toArray();
    ByteBuffer code = ByteBuffer.allocate(size + LONGEST);
    while (code.position() < size) {
      call(code, places[random.nextInt(PLACES)]);
    }
    byte[] bytes = new byte[size];
    code.get(0, bytes);
    return bytes;
  }

  private void call(ByteBuffer code, int place) {
    int distance = place - code.position();
    code.order(this == POWERPC || this == SPARC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    switch (this) {
      case X86 -> code.put((byte) 0xe8).putInt(distance - 5).put((byte) 0x90).putShort((short) 0);
      case ARM -> code.putInt(0xeb000000 | (distance - 8 >> 2 & 0xffffff)).putInt(0xe1a01000);
      case ARMTHUMB -> {
        int halves = distance - 4;
        code.putShort((short) (0xf000 | halves >> 12 & 0x7ff));
        code.putShort((short) (0xf800 | halves >> 1 & 0x7ff)).putInt(0x21022001);
      }
      case POWERPC -> code.putInt(0x48000001 | distance & 0x03fffffc).putInt(0x60000000);
      case SPARC -> code.putInt(0x40000000 | distance >> 2 & 0x3fffffff).putInt(0x01000000);
      case IA64 -> {
        // A bundle of 128 bits: template MIB, and br.call in the third slot, from bit 87 on.
        long call = 5L << 37 | (distance < 0 ? 1L << 36 : 0) | (distance >> 4 & 0xfffffL) << 13;
        code.putLong(0x10).putLong(call << 23);
      }
    }
  }
}
