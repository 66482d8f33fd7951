package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.FaultyProcess;
import io.strata.TestData;
import io.strata.store.LockedRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real processes at random points, and lets their disk fail there: a point is before one of
 * the calls that change the cache, or in the middle of a write; see native-tests/faults. {@code
 * -Dstrata.kills=200 -Dstrata.faults=100 -Dstrata.full=200}, {@code -Dstrata.seed=N} and, for some
 * of the scenarios only, {@code -Dstrata.scenarios=RANGES,DELTA}.
 */
@DisplayName("After a sync, rollback or gc")
class SyncFaultsIT {
  private static final int KILLS = Integer.getInteger("strata.kills", 5);
  private static final int FAULTS = Integer.getInteger("strata.faults", 4);
  private static final int FULL_DISKS = Integer.getInteger("strata.full", 12);
  private static final long SEED = Long.getLong("strata.seed", 1);

  private static final List<FaultScenario> SCENARIOS =
      Stream.of(FaultScenario.values())
          .filter(
              scenario ->
                  List.of(System.getProperty("strata.scenarios", scenario.name()).split(",", -1))
                      .contains(scenario.name()))
          .toList();

  /** Where nobody counted: less than the calls of any scenario. */
  private static final int FEW_CALLS = 5;

  private static final int MANY = 20;

  private static final int KILLED = 137;
  private static final int INTERNAL = 70;
  private static final int NO_SPACE = 9;
  private static final String EIO = "5";
  private static final String ENOSPC = "28";

  @TempDir Path directory;
  private FaultFixture fixture;
  private Path library;
  private final Random random = new Random(SEED);
  private final Map<FaultScenario, Integer> calls = new EnumMap<>(FaultScenario.class);

  @BeforeEach
  void mirror() throws Exception {
    directory = directory.toRealPath();
    fixture = new FaultFixture(directory);
    FaultFixture.run("make", "-s", "-C", "native-tests/faults", "BUILD=" + directory);
    library = directory.resolve("faults.so");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  @DisplayName("that was killed, the link is good, the next sync ends well and nothing is left")
  void killed() throws Exception {
    Map<FaultScenario, Integer> kills = new TreeMap<>();
    int done = 0;
    for (int i = 0; done < KILLS; i++) {
      FaultScenario scenario = SCENARIOS.get(i % SCENARIOS.size());
      int at = 1 + random.nextInt(calls(scenario, KILLS));
      String when = scenario.words + " killed at call " + at + ", number " + i;
      fixture.prepare(scenario);
      FaultyProcess.Outcome outcome = fixture.process(scenario, at(at, "kill"));
      // A download comes in more or fewer pieces: it may have ended before that call.
      boolean killed = outcome.code() == KILLED;
      assertTrue(killed || outcome.code() == 0, when + ": " + outcome);
      assertTrue(i < 2 * KILLS, "hardly any process is killed");
      Optional<String> now = fixture.soundLink(scenario, when);
      fixture.nextSync(scenario, now, when);
      if (killed) {
        kills.merge(scenario, 1, Integer::sum);
        done++;
      }
    }
    report("killed", kills);
  }

  @Test
  @DisplayName(
      "that was killed while its hooks ran, the next sync runs them anew, and then no more")
  void hooksKilled() throws Exception {
    Path hooks = Files.createDirectory(directory.resolve("hooks"));
    Path told = directory.resolve("told");
    Path hook =
        Files.writeString(
            hooks.resolve("tell"),
            "#!/bin/sh\necho $STRATA_OLD_SNAPSHOT to $STRATA_NEW_SNAPSHOT >> TOLD\n"
                    .replace("TOLD", told.toString())
                + "test $(wc -l < TOLD) -gt 1 || kill -9 $PPID\n".replace("TOLD", told.toString()));
    for (Path path : new Path[] {hooks, hook}) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    fixture.prepare(FaultScenario.DELTA);
    try (LockedRepository repository = fixture.store.lock("guru")) {
      repository.remember(repository.history().telling("1"));
    }
    Map<String, String> environment = Map.of("STRATA_HOOKS", hooks.toString());
    assertEquals(KILLED, fixture.process(FaultScenario.DELTA, environment).code());
    assertEquals(Optional.of("1"), fixture.store.history("guru").told());
    FaultyProcess.Outcome next = fixture.process(FaultScenario.DELTA, environment);
    assertEquals(0, next.code(), next.err());
    assertEquals("1 to 2\n1 to 2\n", Files.readString(told));
    assertEquals(Optional.of("2"), fixture.store.history("guru").told());
  }

  @Test
  @DisplayName("whose disk fails or is full at any call, the same; and it says what failed")
  void faults() throws Exception {
    Map<FaultScenario, Integer> faults = new TreeMap<>();
    for (int i = 0; i < FAULTS; i++) {
      FaultScenario scenario = SCENARIOS.get(random.nextInt(SCENARIOS.size()));
      String errno = random.nextBoolean() ? EIO : ENOSPC;
      String fault = errno + (random.nextBoolean() ? "+" : "");
      int at = 1 + random.nextInt(calls(scenario, FAULTS));
      String when = scenario.words + " with errno " + fault + " at call " + at + ", number " + i;
      fixture.prepare(scenario);
      FaultyProcess.Outcome outcome = fixture.process(scenario, at(at, fault));
      check(outcome, errno, when);
      Optional<String> now = fixture.soundLink(scenario, when);
      fixture.nextSync(scenario, now, when);
      faults.merge(scenario, 1, Integer::sum);
    }
    report("with I/O errors or a full disk", faults);
  }

  private static void check(FaultyProcess.Outcome outcome, String errno, String when) {
    String what = when + ": " + outcome.code() + " " + outcome.err();
    assertTrue(outcome.code() >= 0 && outcome.code() < INTERNAL, what);
    if (errno.equals(ENOSPC)) {
      assertTrue(Set.of(0, NO_SPACE).contains(outcome.code()), what);
    }
    assertFalse(outcome.code() != 0 && outcome.err().isBlank(), what);
    assertFalse(outcome.err().contains("internal fault"), what);
  }

  @Test
  @DisplayName("on a disk with too little room, the same; with room it goes on")
  void full() throws Exception {
    TestData.needsRoot();
    Path cache = Files.createDirectories(fixture.store.directory());
    FaultFixture.run("mount", "-t", "tmpfs", "-o", "size=4m", "strata-test", cache.toString());
    try {
      int failed = 0;
      for (int i = 0; i < FULL_DISKS; i++) {
        List<FaultScenario> syncs = List.of(FaultScenario.values()).subList(0, 5);
        failed += fullOnce(syncs.get(i % syncs.size()), cache) ? 1 : 0;
      }
      System.out.println("full disks: " + FULL_DISKS + ", of which " + failed + " had no room");
      assertTrue(failed > 0 && failed < FULL_DISKS, failed + " of " + FULL_DISKS);
    } finally {
      FaultFixture.run("umount", cache.toString());
    }
  }

  /** Whether the disk was too small. */
  private boolean fullOnce(FaultScenario scenario, Path cache) throws Exception {
    size(cache, 4096);
    fixture.prepare(scenario);
    var disk = Files.getFileStore(cache);
    long used = (disk.getTotalSpace() - disk.getUsableSpace()) / 1024;
    long room = random.nextInt(800);
    size(cache, Math.max(4, used + room));
    String when = scenario.words + " with " + room + " KiB of room";
    boolean failed = false;
    try {
      fixture.sync();
    } catch (SyncException e) {
      assertEquals(Failure.NO_SPACE, e.failure(), when + ": " + e);
      failed = true;
    }
    Optional<String> now = fixture.soundLink(scenario, when);
    size(cache, 4096);
    fixture.nextSync(scenario, now, when);
    return failed;
  }

  private static void size(Path cache, long kibibytes) throws Exception {
    FaultFixture.run("mount", "-o", "remount,size=" + kibibytes + "k", cache.toString());
  }

  private int calls(FaultScenario scenario, int runs) throws Exception {
    if (runs < MANY) {
      return FEW_CALLS;
    }
    if (!calls.containsKey(scenario)) {
      Path log = directory.resolve(scenario.name());
      fixture.prepare(scenario);
      FaultyProcess.Outcome outcome =
          fixture.process(
              scenario,
              Map.of(
                  "LD_PRELOAD", library.toString(),
                  "FAULT_DIR", fixture.store.directory().toString(),
                  "FAULT_LOG", log.toString()));
      assertEquals(0, outcome.code(), outcome.err());
      calls.put(scenario, Files.readAllLines(log).size());
    }
    return calls.get(scenario);
  }

  private Map<String, String> at(int call, String fault) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAULT_DIR", fixture.store.directory().toString(),
        "FAULT_AT", Integer.toString(call),
        "FAULT", fault);
  }

  private void report(String what, Map<FaultScenario, Integer> counts) {
    System.out.println(what + ", seed " + SEED + ":");
    counts.forEach(
        (scenario, count) ->
            System.out.println(
                "  " + scenario.words + " " + count + " times, calls " + calls.get(scenario)));
  }
}
