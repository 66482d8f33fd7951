package io.strata.serve;

import java.io.IOException;
import java.io.OutputStream;

/** Counts the bytes that go out. */
final class CountedOutput extends OutputStream {
  private OutputStream target = OutputStream.nullOutputStream();
  private long count;

  void open(OutputStream newTarget) {
    target = newTarget;
  }

  long count() {
    return count;
  }

  @Override
  public void write(int b) throws IOException {
    target.write(b);
    count++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    target.write(bytes, offset, length);
    count += length;
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
