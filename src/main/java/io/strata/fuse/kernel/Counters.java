package io.strata.fuse.kernel;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one thread served. Only that thread counts; any thread reads. */
final class Counters {
  private static final int BYTES_READ = Opcode.LIMIT;
  private static final int BYTES_WRITTEN = Opcode.LIMIT + 1;

  private final AtomicLongArray counts = new AtomicLongArray(Opcode.LIMIT + 2);

  void request(int opcode) {
    add(opcode >= 0 && opcode < Opcode.LIMIT ? opcode : 0, 1);
  }

  void read(int bytes) {
    add(BYTES_READ, bytes);
  }

  void written(int bytes) {
    add(BYTES_WRITTEN, bytes);
  }

  private void add(int index, long number) {
    counts.setOpaque(index, counts.getPlain(index) + number);
  }

  /** How often {@code opcode} came; 0 stands for all that are not known by number. */
  long requests(int opcode) {
    return counts.getOpaque(opcode);
  }

  long bytesRead() {
    return counts.getOpaque(BYTES_READ);
  }

  long bytesWritten() {
    return counts.getOpaque(BYTES_WRITTEN);
  }

  /** Takes over what another counted whose thread has ended. */
  void addAll(Counters other) {
    for (int i = 0; i < counts.length(); i++) {
      add(i, other.counts.getOpaque(i));
    }
  }
}
