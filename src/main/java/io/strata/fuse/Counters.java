package io.strata.fuse;

import io.strata.fuse.Statistics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one serving thread counts. Only that thread counts, without locks and without allocating;
 * any thread reads.
 */
public final class Counters {
  /** One more than the largest opcode that is counted by itself. */
  private static final int OPCODES = 64;

  private static final int ERRORS = OPCODES;
  private static final int BYTES = 2 * OPCODES;
  private static final int BYTES_READ = 3 * OPCODES;
  private static final int BYTES_WRITTEN = BYTES_READ + 1;
  private static final int COUNTS = BYTES_WRITTEN + 1;

  /** Classes of duration; the last one, from 2^39 ns, is nine minutes and all above. */
  private static final int CLASSES = 40;

  private static final int TOTAL = 0;
  private static final int LONGEST = 1;
  private static final int HISTOGRAM = 2;
  private static final int TIMES = HISTOGRAM + CLASSES; // of each opcode

  private final AtomicLongArray counts = new AtomicLongArray(COUNTS);
  private final @Nullable AtomicLongArray times;

  /**
   * @param timed whether to measure how long requests take, too
   */
  public Counters(boolean timed) {
    this.times = timed ? new AtomicLongArray(OPCODES * TIMES) : null;
  }

  /** A request came; what this gives is for {@link #answered}. */
  public long request(int opcode) {
    add(counts, known(opcode), 1);
    return times == null ? 0 : System.nanoTime();
  }

  /**
   * The request that came last was answered.
   *
   * @param error whether with an errno
   * @param bytes what it moved
   * @param since what {@link #request} gave
   */
  public void answered(int opcode, boolean error, long bytes, long since) {
    int index = known(opcode);
    add(counts, BYTES + index, bytes);
    if (error) {
      add(counts, ERRORS + index, 1);
    }
    if (times != null) {
      took(times, index * TIMES, Math.max(0, System.nanoTime() - since));
    }
  }

  private static void took(AtomicLongArray times, int base, long nanos) {
    add(times, base + TOTAL, nanos);
    if (nanos > times.getPlain(base + LONGEST)) {
      times.setOpaque(base + LONGEST, nanos);
    }
    add(times, base + HISTOGRAM + classOf(nanos), 1);
  }

  private static int classOf(long nanos) {
    return Math.min(Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos | 1), CLASSES - 1);
  }

  /** An answer to READ gave so many bytes. */
  public void read(long bytes) {
    add(counts, BYTES_READ, bytes);
  }

  /** So many bytes of a WRITE were taken. */
  public void written(long bytes) {
    add(counts, BYTES_WRITTEN, bytes);
  }

  /** An opcode out of range counts as 0. */
  private static int known(int opcode) {
    return opcode >= 0 && opcode < OPCODES ? opcode : 0;
  }

  private static void add(AtomicLongArray numbers, int index, long number) {
    numbers.setOpaque(index, numbers.getPlain(index) + number);
  }

  /** Takes over what another counted whose thread has ended, or which is to be summed up. */
  public void addAll(Counters other) {
    for (int i = 0; i < COUNTS; i++) {
      add(counts, i, other.counts.getOpaque(i));
    }
    AtomicLongArray theirs = other.times;
    if (times != null && theirs != null) {
      for (int i = 0; i < times.length(); i++) {
        long number = theirs.getOpaque(i);
        if (i % TIMES == LONGEST) {
          times.setOpaque(i, Math.max(times.getPlain(i), number));
        } else {
          add(times, i, number);
        }
      }
    }
  }

  /** All of it, with the names of opcodes. */
  public Statistics statistics(IntFunction<String> names, SortedMap<String, Long> notifications) {
    SortedMap<String, Operation> operations = new TreeMap<>();
    for (int opcode = 0; opcode < OPCODES; opcode++) {
      long requests = counts.getOpaque(opcode);
      if (requests > 0) {
        long errors = counts.getOpaque(ERRORS + opcode);
        long bytes = counts.getOpaque(BYTES + opcode);
        operations.put(
            names.apply(opcode), new Operation(requests, errors, bytes, serviceTimes(opcode)));
      }
    }
    return new Statistics(
        operations, notifications, counts.getOpaque(BYTES_READ), counts.getOpaque(BYTES_WRITTEN));
  }

  private ServiceTimes serviceTimes(int opcode) {
    if (times == null) {
      return ServiceTimes.NONE;
    }
    int base = opcode * TIMES;
    List<Long> histogram = new ArrayList<>();
    for (int i = 0; i < CLASSES; i++) {
      histogram.add(times.getOpaque(base + HISTOGRAM + i));
    }
    long total = times.getOpaque(base + TOTAL);
    return new ServiceTimes(total, times.getOpaque(base + LONGEST), histogram);
  }
}
