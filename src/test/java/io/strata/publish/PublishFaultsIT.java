package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.FaultyProcess;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.trust.Index;
import io.strata.trust.IndexReader;
import io.strata.trust.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills real publishers at random points, and lets their disk fill up there: a point is before one
 * of the calls that change the mirror, or in the middle of a write; see native-tests/faults. {@code
 * -Dstrata.kills=100 -Dstrata.faults=100} and {@code -Dstrata.seed=N}.
 */
@DisplayName("After a publication")
class PublishFaultsIT {
  private static final int KILLS = Integer.getInteger("strata.kills", 2);
  private static final int FAULTS = Integer.getInteger("strata.faults", 1);
  private static final long SEED = Long.getLong("strata.seed", 1);
  private static final int KILLED = 137;
  private static final int NO_SPACE = 9;
  private static final int PUBLISH = 11;
  private static final int INTERNAL = 70;
  private static final String ENOSPC = "28+";

  /** Changes images, and makes a signature beside each other file. */
  private static final String SIGN =
      "f() { case $1 in *.sqfs) printf x >> $1;; *) sha256sum $1 > $1.sig;; esac; }; f";

  /** Where nobody counted: less than the calls of any publication. */
  private static final int FEW_CALLS = 30;

  private static final int MANY = 20;

  @TempDir Path directory;
  private Path tree;
  private Path before;
  private Path mirror;
  private Path library;
  private final Random random = new Random(SEED);

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    directory = directory.toRealPath();
    before = directory.resolve("before");
    mirror = directory.resolve("mirror");
    tree = Files.createDirectory(directory.resolve("tree"));
    ImageTools.run("make", "-s", "-C", "native-tests/faults", "BUILD=" + directory);
    library = directory.resolve("faults.so");
    for (String version : List.of("1", "2")) {
      change(version);
      publish(new Requests(tree, before), version);
    }
    change("3");
  }

  @Test
  @DisplayName("that was killed, the mirror is what it was or should be, and the next one finishes")
  void killed() throws Exception {
    int calls = KILLS < MANY ? FEW_CALLS : calls();
    int killed = 0;
    int done = 0;
    for (int i = 0; killed < KILLS; i++) {
      restore();
      int at = 1 + random.nextInt(calls);
      String when = "killed at call " + at + " of " + calls + ", number " + i;
      FaultyProcess.Outcome outcome = process(fault(at, "kill"), i % 2 == 0);
      // mksquashfs and xdelta3 count for themselves, and may be who is killed.
      assertTrue(Set.of(KILLED, 0, PUBLISH).contains(outcome.code()), when + ": " + outcome);
      assertTrue(i < 3 * KILLS, "hardly any process is killed");
      killed += outcome.code() == KILLED ? 1 : 0;
      done += check(when) ? 1 : 0;
    }
    System.out.println(
        killed
            + " publishers killed, at up to "
            + calls
            + " calls; the mirror was what it should be after "
            + done
            + " runs, and what it was before after the others; seed "
            + SEED);
  }

  @Test
  @DisplayName("whose disk is full from some point on, the same; and it says so")
  void full() throws Exception {
    int calls = FAULTS < MANY ? FEW_CALLS : calls();
    Map<Integer, Integer> codes = new TreeMap<>();
    for (int i = 0; i < FAULTS; i++) {
      restore();
      int at = 1 + random.nextInt(calls);
      String when = "full from call " + at + " of " + calls + " on, number " + i;
      boolean signing = i % 2 == 0;
      FaultyProcess.Outcome outcome = process(fault(at, ENOSPC), signing);
      // A command says in its own words what stopped it.
      boolean command = signing && outcome.err().contains("the command of --post-process fails");
      assertTrue(
          Set.of(0, command ? PUBLISH : NO_SPACE).contains(outcome.code()), when + ": " + outcome);
      codes.merge(outcome.code(), 1, Integer::sum);
      check(when);
    }
    System.out.println("publications on full disks by exit code: " + codes + ", seed " + SEED);
  }

  /** Makes the mirror one with two snapshots, of which the next publication lists one no longer. */
  private void restore() throws Exception {
    Durable.delete(mirror);
    ImageTools.run("cp", "-a", before.toString(), mirror.toString());
  }

  private void change(String version) throws Exception {
    Files.writeString(tree.resolve("text"), "words of version " + version);
    Path noise = tree.resolve("noise");
    if (!Files.exists(noise)) {
      byte[] bytes = new byte[100_000];
      new Random(3).nextBytes(bytes);
      Files.write(noise, bytes);
    }
  }

  /** How many calls a publication makes. */
  private int calls() throws Exception {
    restore();
    Path log = directory.resolve("calls");
    FaultyProcess.Outcome outcome =
        process(
            Map.of(
                "LD_PRELOAD", library.toString(),
                "FAULT_DIR", mirror.toString(),
                "FAULT_LOG", log.toString()),
            true);
    assertEquals(0, outcome.code(), outcome.err());
    return Files.readAllLines(log).size();
  }

  private Map<String, String> fault(int call, String fault) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAULT_DIR", mirror.toString(),
        "FAULT_AT", Integer.toString(call),
        "FAULT", fault);
  }

  /**
   * That clients find all that the index names, before and after the next publication.
   *
   * @return whether the one before had come to its end
   */
  private boolean check(String when) throws Exception {
    String now = soundIndex(when);
    assertTrue(Set.of("2", "3").contains(now), now + " is current, " + when);
    RetentionOptions two =
        new RetentionOptions(OptionalInt.of(2), OptionalInt.empty(), Duration.ofDays(1));
    publish(new Requests(tree, mirror).retention(two), "3");
    assertEquals("3", soundIndex("after the next one, " + when));
    // With no time left, nothing lies there but what is listed.
    RetentionOptions atOnce =
        new RetentionOptions(OptionalInt.of(2), OptionalInt.empty(), Duration.ZERO);
    publish(new Requests(tree, mirror).retention(atOnce), "3");
    assertEquals("3", soundIndex("after the one after it, " + when));
    Set<String> expected = new TreeSet<>(index().digests().keySet());
    expected.add("sha512sum.txt");
    expected.add(".blobs");
    try (var all = Files.list(mirror)) {
      Set<String> here = new TreeSet<>();
      all.forEach(file -> here.add("" + file.getFileName()));
      here.remove(".published");
      assertState(when);
      assertEquals(expected, here, when);
    }
    assertTrue(expected.contains("demo-2-3.sqdelta"), expected + " " + when);
    assertTrue(expected.contains("demo-2-3.sqdelta2"), expected + " " + when);
    return now.equals("3");
  }

  /** What a command made an image of, and what images there were, with all that were kept. */
  private void assertState(String when) throws Exception {
    List<String> known =
        Files.readAllLines(mirror.resolve(".published")).stream()
            .map(line -> line.replaceAll(" [0-9a-f]{128} ", " "))
            .filter(line -> !line.equals("tree demo-3.sqfs"))
            .toList();
    List<String> expected = List.of("image demo-1.sqfs", "image demo-2.sqfs", "image demo-3.sqfs");
    assertEquals(expected, known, when);
  }

  private Index index() throws Exception {
    return IndexReader.of(Verification.NO, Optional.empty())
        .read(Files.readAllBytes(mirror.resolve("sha512sum.txt")));
  }

  private String soundIndex(String when) throws Exception {
    Index index = index();
    for (Map.Entry<String, String> listed : index.digests().entrySet()) {
      Path file = mirror.resolve(listed.getKey());
      assertTrue(Files.exists(file), file + " is listed and missing " + when);
      assertEquals(listed.getValue(), Digests.sha512(file), file + " " + when);
    }
    assertFalse(index.digests().isEmpty(), when);
    return index.currentVersion("demo");
  }

  private static void publish(Requests requests, String version) throws Exception {
    new Publisher(Posix.system(), Clock.systemUTC())
        .publish(requests.of("demo", version), PublishListener.NONE);
  }

  /**
   * Publishes snapshot 3 in a process of its own.
   *
   * @param signing whether a command makes a file beside each, and changes it
   */
  private FaultyProcess.Outcome process(Map<String, String> environment, boolean signing)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("publish", tree.toString()));
    arguments.addAll(List.of("--repo", "demo", "--version", "3", "--to", mirror.toString()));
    arguments.addAll(List.of("--keep-snapshots", "2"));
    if (signing) {
      arguments.addAll(List.of("--post-process", SIGN));
    }
    FaultyProcess.Outcome outcome = FaultyProcess.run(directory, environment, arguments);
    assertTrue(outcome.code() < INTERNAL || outcome.code() == KILLED, outcome.err());
    return outcome;
  }
}
