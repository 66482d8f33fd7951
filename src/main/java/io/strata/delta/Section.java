package io.strata.delta;

/** A section of a window, read from start to end. */
final class Section {
  private final String name;
  private final byte[] bytes;
  private int at;

  Section(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  boolean hasRemaining() {
    return at < bytes.length;
  }

  int u8() throws DeltaException {
    if (at == bytes.length) {
      throw tooShort();
    }
    return bytes[at++] & 0xff;
  }

  /** An integer of RFC 3284 section 2. */
  long integer() throws DeltaException {
    long value = 0;
    while (true) {
      int b = u8();
      if (value > Long.MAX_VALUE >> 7) {
        throw new DeltaException("an integer in the " + name + " section is too large");
      }
      value = value << 7 | b & 0x7f;
      if (b < 0x80) {
        return value;
      }
    }
  }

  void copy(byte[] target, int to, int length) throws DeltaException {
    if (length > bytes.length - at) {
      throw tooShort();
    }
    System.arraycopy(bytes, at, target, to, length);
    at += length;
  }

  void checkUsedUp() throws DeltaException {
    if (hasRemaining()) {
      throw new DeltaException(
          "the " + name + " section has " + (bytes.length - at) + " bytes too many");
    }
  }

  private DeltaException tooShort() {
    return new DeltaException("the " + name + " section is too short");
  }
}
