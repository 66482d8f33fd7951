package io.strata.squashfs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of an image as they stand in decoded bytes. The caller has checked the range. */
final class LittleEndian {
  private static final VarHandle U16 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int u16(byte[] bytes, int offset) {
    return (short) U16.get(bytes, offset) & 0xffff;
  }

  static int s32(byte[] bytes, int offset) {
    return (int) U32.get(bytes, offset);
  }

  static long s64(byte[] bytes, int offset) {
    return (long) U64.get(bytes, offset);
  }
}
