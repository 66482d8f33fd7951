package io.strata.codec;

import java.nio.ByteBuffer;

/**
 * One pass over one LZO1X block.
 *
 * <p>The names of the matches are those of liblzo2. What an instruction below 16 means depends on
 * how many literals the instruction before it left: none (a long literal run follows), one to three
 * (a near match of 2 bytes), or a run of four and more (a match of 3 bytes beyond 2 KiB).
 *
 * <p>Source: the kernel's Documentation/staging/lzo.rst.
 */
final class Lzo1xStream {
  private static final int M2_MAX_OFFSET = 0x0800;
  private static final int M3_MAX_OFFSET = 0x4000;
  private static final int LONG_RUN = 4;

  private final ByteBuffer source;
  private final int sourceStart;
  private final int sourceEnd;
  private final ByteBuffer target;
  private final int targetStart;
  private final int targetEnd;
  private int in;
  private int out;

  /** How many literals stand before the next instruction: 0 to 3, or {@link #LONG_RUN}. */
  private int state;

  Lzo1xStream(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity) {
    this.source = source;
    this.sourceStart = sourceOffset;
    this.sourceEnd = sourceOffset + sourceLength;
    this.target = target;
    this.targetStart = targetOffset;
    this.targetEnd = targetOffset + targetCapacity;
    this.in = sourceOffset;
    this.out = targetOffset;
  }

  int decode() throws CodecException {
    firstRun();
    boolean more = true;
    while (more) {
      more = instruction(next());
    }
    if (in != sourceEnd) {
      throw malformed("bytes after the end marker");
    }
    return out - targetStart;
  }

  /** The first byte, if it is more than 17, is a literal run of its own form. */
  private void firstRun() throws CodecException {
    if (in < sourceEnd && unsigned(in) > 17) {
      int length = next() - 17;
      literals(length);
      state = Math.min(length, LONG_RUN);
    }
  }

  private boolean instruction(int t) throws CodecException {
    if (t >= 64) {
      return m2(t);
    }
    if (t >= 32) {
      return m3(t);
    }
    if (t >= 16) {
      return m4(t);
    }
    return state == 0 ? longRun(t) : m1(t);
  }

  private boolean longRun(int t) throws CodecException {
    literals(3 + (t != 0 ? t : extended(15)));
    state = LONG_RUN;
    return true;
  }

  private boolean m1(int t) throws CodecException {
    int offset = (next() << 2) + (t >> 2) + 1;
    if (state == LONG_RUN) {
      match(offset + M2_MAX_OFFSET, 3);
    } else {
      match(offset, 2);
    }
    return trailing(t);
  }

  private boolean m2(int t) throws CodecException {
    match((next() << 3) + ((t >> 2) & 7) + 1, (t >> 5) + 1);
    return trailing(t);
  }

  private boolean m3(int t) throws CodecException {
    int length = 2 + ((t & 31) != 0 ? t & 31 : extended(31));
    int word = word();
    match((word >> 2) + 1, length);
    return trailing(word);
  }

  private boolean m4(int t) throws CodecException {
    int length = 2 + ((t & 7) != 0 ? t & 7 : extended(7));
    int word = word();
    int offset = ((t & 8) << 11) + (word >> 2);
    if (offset == 0) {
      if (length != 3) {
        throw malformed("a damaged end marker");
      }
      return false;
    }
    match(offset + M3_MAX_OFFSET, length);
    return trailing(word);
  }

  /** The low two bits of the last byte of a match say how many literals follow it. */
  private boolean trailing(int bits) throws CodecException {
    state = bits & 3;
    literals(state);
    return true;
  }

  /** A length that does not fit: 255 for each zero byte, then the first other byte. */
  private int extended(int base) throws CodecException {
    int length = base;
    int t = next();
    while (t == 0) {
      length += 255;
      if (length > targetEnd - targetStart) {
        throw tooLong();
      }
      t = next();
    }
    return length + t;
  }

  private void literals(int length) throws CodecException {
    if (length > sourceEnd - in) {
      throw malformed("the block ends in the middle of the stream");
    }
    if (length > targetEnd - out) {
      throw tooLong();
    }
    target.put(out, source, in, length);
    in += length;
    out += length;
  }

  private void match(int offset, int length) throws CodecException {
    if (offset > out - targetStart) {
      throw malformed("a match starts before the block");
    }
    if (length > targetEnd - out) {
      throw tooLong();
    }
    if (offset >= length) {
      target.put(out, target, out - offset, length);
      out += length;
      return;
    }
    for (int end = out + length; out < end; out++) { // overlapping: repeats what it writes
      target.put(out, target.get(out - offset));
    }
  }

  private int next() throws CodecException {
    if (in == sourceEnd) {
      throw malformed("the block ends in the middle of the stream");
    }
    return unsigned(in++);
  }

  private int word() throws CodecException {
    int low = next();
    return low | next() << 8;
  }

  private int unsigned(int at) {
    return source.get(at) & 0xff;
  }

  private CodecException tooLong() {
    return malformed("yields more than " + (targetEnd - targetStart) + " bytes");
  }

  private CodecException malformed(String what) {
    return new CodecException("lzo: " + what + ", at offset " + (in - sourceStart));
  }
}
