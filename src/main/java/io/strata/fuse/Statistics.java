package io.strata.fuse;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often the kernel asked, for finding out what a workload costs.
 *
 * @param requests the number of requests by opcode, by its name in linux/fuse.h without {@code
 *     FUSE_}: {@code LOOKUP}, {@code READ}; opcodes that never came are not in it
 * @param bytesRead bytes given in answers to READ
 * @param bytesWritten bytes taken in WRITE
 */
public record Statistics(SortedMap<String, Long> requests, long bytesRead, long bytesWritten) {
  public Statistics {
    requests = Collections.unmodifiableSortedMap(new TreeMap<>(requests));
  }

  /** All requests together. */
  public long total() {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }
}
