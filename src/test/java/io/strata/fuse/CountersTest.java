package io.strata.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Statistics.Operation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Counters")
class CountersTest {
  private static final int READ = 15;
  private static final int LOOKUP = 1;
  private static final long SECOND = 1_000_000_000L;

  private static Statistics of(Counters counters) {
    return counters.statistics(opcode -> "OP" + opcode, Collections.emptySortedMap());
  }

  private static Operation operation(Counters counters, int opcode) {
    return Objects.requireNonNull(of(counters).operations().get("OP" + opcode));
  }

  @Test
  @DisplayName("tell requests, errors and bytes by opcode, and none that never came")
  void counts() {
    Counters counters = new Counters(false);
    counters.answered(READ, false, 4096, counters.request(READ));
    counters.answered(READ, true, 0, counters.request(READ));
    counters.answered(LOOKUP, false, 128, counters.request(LOOKUP));
    counters.read(4096);
    counters.written(7);
    assertEquals(new Operation(2, 1, 4096, ServiceTimes.NONE), operation(counters, READ));
    assertEquals(new Operation(1, 0, 128, ServiceTimes.NONE), operation(counters, LOOKUP));
    Statistics all = of(counters);
    assertEquals(Set.of("OP1", "OP15"), all.operations().keySet());
    assertEquals(Map.of("OP1", 1L, "OP15", 2L), all.requests());
    assertEquals(3, all.total());
    assertEquals(4096, all.bytesRead());
    assertEquals(7, all.bytesWritten());
  }

  @Test
  @DisplayName("count opcodes that no table knows as 0")
  void unknownOpcodes() {
    Counters counters = new Counters(true);
    for (int opcode : new int[] {64, 4096, -1, Integer.MIN_VALUE}) {
      counters.answered(opcode, true, 0, counters.request(opcode));
    }
    assertEquals(Set.of("OP0"), of(counters).operations().keySet());
    assertEquals(4, operation(counters, 0).errors());
  }

  @Test
  @DisplayName("measure times in classes of powers of two")
  void times() {
    Counters counters = new Counters(true);
    counters.request(READ);
    counters.answered(READ, false, 0, System.nanoTime() - SECOND);
    counters.request(READ);
    counters.answered(READ, false, 0, System.nanoTime() - 5 * SECOND);
    ServiceTimes times = operation(counters, READ).times();
    assertTrue(times.total() >= 6 * SECOND && times.total() < 66 * SECOND, times::toString);
    assertTrue(times.longest() >= 5 * SECOND && times.longest() < times.total(), times::toString);
    assertEquals(2, times.histogram().stream().mapToLong(Long::longValue).sum());
    long shortOnes = times.histogram().stream().limit(29).mapToLong(Long::longValue).sum();
    assertEquals(0, shortOnes); // 2^29 ns is 0.54 s
  }

  @Test
  @DisplayName("put a request that takes for ever into the last class, and no time into the first")
  void extremes() {
    Counters counters = new Counters(true);
    counters.request(READ);
    counters.answered(READ, false, 0, System.nanoTime() - 3600 * SECOND);
    counters.request(LOOKUP);
    counters.answered(LOOKUP, false, 0, System.nanoTime() + 3600 * SECOND);
    assertEquals(1, operation(counters, READ).times().histogram().getLast());
    assertEquals(1, operation(counters, LOOKUP).times().histogram().getFirst());
    assertEquals(0, operation(counters, LOOKUP).times().total());
  }

  @Test
  @DisplayName("add up, and keep the longest")
  void sums() {
    Counters one = new Counters(true);
    one.request(READ);
    one.answered(READ, true, 10, System.nanoTime() - 2 * SECOND);
    Counters two = new Counters(true);
    two.request(READ);
    two.answered(READ, false, 5, System.nanoTime() - 700 * SECOND);
    two.request(READ);
    two.answered(READ, false, 0, System.nanoTime());
    Counters sum = new Counters(true);
    for (Counters each : List.of(one, two)) {
      sum.addAll(each);
    }
    Operation read = operation(sum, READ);
    assertEquals(3, read.requests());
    assertEquals(1, read.errors());
    assertEquals(15, read.bytes());
    assertTrue(read.times().longest() >= 700 * SECOND, read::toString);
    assertTrue(read.times().total() >= read.times().longest() + 2 * SECOND, read::toString);
    assertEquals(3, read.times().histogram().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  @DisplayName("carry the notifications that were sent")
  void notifications() {
    Statistics all =
        new Counters(false).statistics(Integer::toString, new TreeMap<>(Map.of("STORE", 3L)));
    assertEquals(Map.of("STORE", 3L), all.notifications());
  }
}
