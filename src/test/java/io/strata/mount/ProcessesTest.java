package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Processes")
class ProcessesTest {
  @Test
  @DisplayName("have their start time in field 22, whatever their name holds")
  void startTime() {
    String stat = "42 (a) R (b 1 2) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000 2 3";
    assertEquals(Optional.of(98765L), Processes.startTime(stat));
  }

  @Test
  @DisplayName("that are zombies, or whose line is cut off, have none")
  void none() {
    assertTrue(
        Processes.startTime("42 (x) Z 1 42 42 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 5 6").isEmpty());
    assertTrue(Processes.startTime("42 (x) S 1 2").isEmpty());
    assertTrue(Processes.startTime("").isEmpty());
  }

  @Test
  @DisplayName("with a pid that is used again are not taken for the ones before")
  void reused() {
    Processes processes = Processes.system();
    long pid = ProcessHandle.current().pid();
    long start = processes.startTime(pid).orElseThrow();
    assertTrue(processes.alive(pid, start));
    assertFalse(processes.alive(pid, start - 1));
    assertFalse(processes.alive(1L << 30, start));
  }
}
