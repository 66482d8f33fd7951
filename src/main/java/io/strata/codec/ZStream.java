package io.strata.codec;

import io.strata.codec.natives.Libz;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A {@code z_stream}, and the version string that zlib compares with its own. For one thread. */
final class ZStream {
  private final ByteBuffer fields =
      ByteBuffer.allocateDirect(Libz.Z_STREAM_SIZE).order(ByteOrder.nativeOrder());
  private final ByteBuffer version;

  ZStream(String version) {
    byte[] ascii = version.getBytes(StandardCharsets.US_ASCII);
    this.version = ByteBuffer.allocateDirect(ascii.length + 1).put(0, ascii);
  }

  /** Makes it one that no function of zlib has seen. */
  void clear() {
    for (int i = 0; i < Libz.Z_STREAM_SIZE; i += Long.BYTES) {
      fields.putLong(i, 0);
    }
  }

  long address() {
    return Direct.address(fields, 0);
  }

  long versionAddress() {
    return Direct.address(version, 0);
  }

  /** What to read next; whoever calls keeps the buffer reachable. */
  void input(ByteBuffer bytes, int offset, int length) {
    fields.putLong(Libz.NEXT_IN, Direct.address(bytes, offset));
    fields.putInt(Libz.AVAIL_IN, length);
  }

  /** Where to write next; whoever calls keeps the buffer reachable. */
  void output(ByteBuffer bytes, int offset, int length) {
    fields.putLong(Libz.NEXT_OUT, Direct.address(bytes, offset));
    fields.putInt(Libz.AVAIL_OUT, length);
  }

  /** Bytes that were not read. */
  int inputLeft() {
    return fields.getInt(Libz.AVAIL_IN);
  }

  /** Bytes that were written. */
  int written() {
    return Math.toIntExact(fields.getLong(Libz.TOTAL_OUT));
  }

  /** The field {@code data_type}, in which {@code inflate} says where it is. */
  int dataType() {
    return fields.getInt(Libz.DATA_TYPE);
  }
}
