package io.strata.delta;

/** The default instruction code table, RFC 3284 section 5.6. Immutable. */
final class CodeTable {
  static final int NOOP = 0;
  static final int ADD = 1;
  static final int RUN = 2;

  /** COPY with address mode 0; mode m is {@code COPY + m}. */
  static final int COPY = 3;

  private static final int MODES = 9;

  private final byte[] types = new byte[512];
  private final byte[] sizes = new byte[512];
  private int at;

  CodeTable() {
    entry(RUN, 0, NOOP, 0);
    for (int size = 0; size <= 17; size++) {
      entry(ADD, size, NOOP, 0);
    }
    for (int mode = 0; mode < MODES; mode++) {
      entry(COPY + mode, 0, NOOP, 0);
      for (int size = 4; size <= 18; size++) {
        entry(COPY + mode, size, NOOP, 0);
      }
    }
    addCopies();
    for (int mode = 0; mode < MODES; mode++) {
      entry(COPY + mode, 4, ADD, 1);
    }
  }

  private void addCopies() {
    for (int mode = 0; mode < MODES; mode++) {
      int longest = mode < 6 ? 6 : 4;
      for (int add = 1; add <= 4; add++) {
        for (int copy = 4; copy <= longest; copy++) {
          entry(ADD, add, COPY + mode, copy);
        }
      }
    }
  }

  private void entry(int type1, int size1, int type2, int size2) {
    types[at] = (byte) type1;
    sizes[at++] = (byte) size1;
    types[at] = (byte) type2;
    sizes[at++] = (byte) size2;
  }

  /** The type of instruction {@code half}, 0 or 1, of code {@code code}. */
  int type(int code, int half) {
    return types[code * 2 + half];
  }

  /** Its size, 0 if it stands in the instructions section. */
  int size(int code, int half) {
    return sizes[code * 2 + half];
  }
}
