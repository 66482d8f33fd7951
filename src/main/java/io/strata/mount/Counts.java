package io.strata.mount;

import io.strata.fuse.ServiceTimes;
import io.strata.fuse.Statistics;
import io.strata.fuse.Statistics.Operation;
import io.strata.squashfs.BlockStatistics;
import io.strata.squashfs.ImageStatistics;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a server counted, as numbers by name: so it goes over the control socket, into JSON and into
 * a {@link CountsTable}. The names are part of what {@code status --json} promises.
 */
final class Counts {
  /** By opcode: how many requests there were. */
  static final String REQUESTS = "requests.";

  /** By opcode: how many of them were answered with an errno; absent where none. */
  static final String ERRORS = "errors.";

  /** By opcode: what they moved, in bytes; absent where nothing. */
  static final String BYTES = "bytes.";

  /** By opcode: how long they took together, in nanoseconds. Only where that is measured. */
  static final String NANOS = "nanos.";

  /** By opcode: how long the longest one took, in nanoseconds. */
  static final String LONGEST = "longest-nanos.";

  /** By opcode and i: how many took from 2^i to 2^(i+1) nanoseconds; absent where none. */
  static final String HISTOGRAM = "log2-nanos.";

  /** All notifications; and with a point and a name behind it, those of a kind. */
  static final String NOTIFICATIONS = "notifications";

  static final String BYTES_READ = "bytes-read";
  static final String BYTES_WRITTEN = "bytes-written";

  private final SortedMap<String, Long> numbers = new TreeMap<>();

  private Counts() {}

  static SortedMap<String, Long> of(Statistics statistics, ImageStatistics images) {
    Counts counts = new Counts();
    statistics.operations().forEach(counts::put);
    long notifications = 0;
    for (var sent : statistics.notifications().entrySet()) {
      counts.numbers.put(NOTIFICATIONS + "." + sent.getKey(), sent.getValue());
      notifications += sent.getValue();
    }
    counts.numbers.put(NOTIFICATIONS, notifications);
    counts.numbers.put(BYTES_READ, statistics.bytesRead());
    counts.numbers.put(BYTES_WRITTEN, statistics.bytesWritten());
    counts.put(images);
    return counts.numbers;
  }

  private void put(String opcode, Operation operation) {
    numbers.put(REQUESTS + opcode, operation.requests());
    putIfAny(ERRORS + opcode, operation.errors());
    putIfAny(BYTES + opcode, operation.bytes());
    ServiceTimes times = operation.times();
    List<Long> histogram = times.histogram();
    if (!histogram.isEmpty()) {
      numbers.put(NANOS + opcode, times.total());
      numbers.put(LONGEST + opcode, times.longest());
    }
    for (int i = 0; i < histogram.size(); i++) {
      putIfAny(HISTOGRAM + opcode + "." + i, histogram.get(i));
    }
  }

  private void put(ImageStatistics images) {
    BlockStatistics blocks = images.blocks();
    numbers.put("block-hits", blocks.hits());
    numbers.put("block-misses", blocks.misses());
    numbers.put("block-waits", blocks.waits());
    numbers.put("blocks-loaded", blocks.loads());
    numbers.put("ahead-blocks", blocks.ahead());
    numbers.put("ahead-used", blocks.aheadUsed());
    numbers.put("ahead-lost", blocks.aheadLost());
    numbers.put("metadata-hits", images.metadata().hits());
    numbers.put("metadata-misses", images.metadata().misses());
    numbers.put("inode-hits", images.inodes().hits());
    numbers.put("inode-misses", images.inodes().misses());
  }

  private void putIfAny(String name, long number) {
    if (number > 0) {
      numbers.put(name, number);
    }
  }
}
