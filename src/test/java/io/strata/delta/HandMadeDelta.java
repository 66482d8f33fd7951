package io.strata.delta;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a delta as a test wants it, sound or not: header, list, and one window after another. */
final class HandMadeDelta implements AutoCloseable {
  static final int MAGIC = 0x5371ceb4;

  private final OutputStream out;

  private HandMadeDelta(OutputStream out) {
    this.out = out;
  }

  /**
   * Begins a delta.
   *
   * @param list the source's blocks: offset, length and uncompressed length of each
   */
  static HandMadeDelta create(Path path, int compression, int... list) throws IOException {
    HandMadeDelta delta = new HandMadeDelta(new BufferedOutputStream(Files.newOutputStream(path)));
    delta.out.write(words(MAGIC, 0, compression, list.length / 3));
    delta.out.write(words(list));
    delta.out.write(Vcdiffs.hex("d6c3c400 00"));
    return delta;
  }

  /** Big-endian words: lists and headers consist of them. */
  static byte[] words(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * Integer.BYTES);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  /** A window that ADDs these bytes. */
  HandMadeDelta add(byte[] bytes, int from, int length) throws IOException {
    byte[] inst = join(new byte[] {1 /* ADD, size follows */}, integer(length));
    out.write(0);
    window(length, length, inst, new byte[0], bytes, from);
    return this;
  }

  /** A window that COPYs a range of the expanded source. */
  HandMadeDelta copy(long offset, int length) throws IOException {
    byte[] inst = join(new byte[] {19 /* COPY, mode 0, size follows */}, integer(length));
    out.write(VcdiffWindow.VCD_SOURCE);
    out.write(integer(length));
    out.write(integer(offset));
    window(length, 0, inst, new byte[1] /* from the start of the segment */, new byte[0], 0);
    return this;
  }

  private void window(
      int length, int dataLength, byte[] inst, byte[] addr, byte[] data, int dataFrom)
      throws IOException {
    byte[] lengths =
        join(
            join(integer(length), new byte[1] /* delta indicator */),
            join(integer(dataLength), join(integer(inst.length), integer(addr.length))));
    out.write(integer(lengths.length + dataLength + inst.length + addr.length));
    out.write(lengths);
    out.write(data, dataFrom, dataLength);
    out.write(inst);
    out.write(addr);
  }

  private static byte[] join(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  /** Seven bits a byte, the highest first. */
  private static byte[] integer(long value) {
    int length = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      length++;
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      int more = i < length - 1 ? 0x80 : 0;
      bytes[i] = (byte) (more | (value >>> (7 * (length - 1 - i)) & 0x7f));
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
