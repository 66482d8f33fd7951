package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;

/**
 * How large files are fetched: in pieces, several at a time, handed out in order.
 *
 * @param fromLength bytes that are to come at least; for less, one connection is as good
 * @param size of a piece in bytes
 * @param count pieces at a time, each of which is held in memory
 */
record Pieces(long fromLength, int size, int count) {
  static final Pieces DEFAULT = new Pieces(32L << 20, 4 << 20, 4);

  /** Gives one piece. */
  @FunctionalInterface
  interface Source {
    /** Exactly these bytes. */
    byte[] get(long from, int count) throws IOException;
  }

  /** Whether what is missing of a file is to come in pieces. */
  boolean suit(RemoteFile file, Mirror.Resume resume) {
    boolean same = resume.from() == 0 || resume.validator().equals(file.validator());
    return same
        && file.ranges()
        && file.validator().isPresent()
        && file.length().orElse(0) - resume.from() >= fromLength;
  }

  /** The bytes of a file from {@code from} on. */
  InputStream stream(long from, long length, Source source) {
    return new PieceStream(this, from, length, source);
  }
}
