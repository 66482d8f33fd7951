package io.strata.fuse;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the kernel asked and was told, for finding out what a workload costs.
 *
 * @param operations what was asked, by opcode, by its name in linux/fuse.h without {@code FUSE_}:
 *     {@code LOOKUP}, {@code READ}; opcodes that never came are not in it
 * @param notifications how many messages were sent unasked, by their code's name without {@code
 *     FUSE_NOTIFY_}: {@code STORE}, {@code INVAL_INODE}
 * @param bytesRead bytes given in answers to READ
 * @param bytesWritten bytes taken in WRITE
 */
public record Statistics(
    SortedMap<String, Operation> operations,
    SortedMap<String, Long> notifications,
    long bytesRead,
    long bytesWritten) {
  public Statistics {
    operations = Collections.unmodifiableSortedMap(new TreeMap<>(operations));
    notifications = Collections.unmodifiableSortedMap(new TreeMap<>(notifications));
  }

  /**
   * All requests with the same opcode.
   *
   * @param requests how many came
   * @param errors how many of them were answered with an errno, whatever it was
   * @param bytes of the answers, without their headers; of WRITE those that it brought. Where
   *     libfuse serves: of READ and WRITE, else 0
   * @param times how long they took; none where that is not measured
   */
  public record Operation(long requests, long errors, long bytes, ServiceTimes times) {}

  /** How many requests there were, by opcode. */
  public SortedMap<String, Long> requests() {
    SortedMap<String, Long> requests = new TreeMap<>();
    operations.forEach((name, operation) -> requests.put(name, operation.requests()));
    return requests;
  }

  /** All requests together. */
  public long total() {
    return operations.values().stream().mapToLong(Operation::requests).sum();
  }
}
