package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is read many bytes at a time; who wants a single one gets it in the same way. */
abstract class ChunkStream extends InputStream {
  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public abstract int read(byte[] target, int offset, int length) throws IOException;
}
