package io.strata.fuse.libfuse;

import io.strata.fuse.Statistics;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How often the kernel asked for what. Thread-safe. */
final class Counters {
  private final AtomicLongArray requests = new AtomicLongArray(Opcode.COUNT);
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  void count(int opcode) {
    if (opcode >= 0 && opcode < Opcode.COUNT) {
      requests.incrementAndGet(opcode);
    }
  }

  void read(long bytes) {
    bytesRead.add(bytes);
  }

  void written(long bytes) {
    bytesWritten.add(bytes);
  }

  Statistics now() {
    TreeMap<String, Long> byName = new TreeMap<>();
    for (int opcode = 0; opcode < Opcode.COUNT; opcode++) {
      if (requests.get(opcode) > 0) {
        byName.put(Opcode.name(opcode), requests.get(opcode));
      }
    }
    return new Statistics(byName, bytesRead.sum(), bytesWritten.sum());
  }
}
