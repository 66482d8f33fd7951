package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.compare.TreeRecord;
import io.strata.union.LowerTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What four processes do to a mount at the same time is there after a remount, in every attribute.
 * {@code -Dstrata.history=5000} makes each of them do so many changes.
 */
@DisplayName("After a random history by four processes")
class HistoryIT extends MountFixture {
  private static final int PROCESSES = 4;
  private static final int CHANGES = Integer.getInteger("strata.history", 1000);
  private static final long SEED = Long.getLong("strata.seed", 1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private Path upper() {
    return directory.resolve("upper");
  }

  private Path lowerImage(List<String> paths) throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    paths.addAll(LowerTrees.makeMany(tree));
    Path file = directory.resolve("tree.sqfs");
    Strata.tool("mksquashfs", tree.toString(), file.toString(), "-quiet", "-no-progress");
    return file;
  }

  private List<Process> start(Path paths) throws IOException {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(
          strata.startProgram(
              "io.strata.union.HistoryProgram", SEED * 100 + i, CHANGES, mountPoint, paths));
    }
    return processes;
  }

  private static void awaitAll(List<Process> processes) throws Exception {
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes());
      assertEquals(0, process.waitFor(), said);
    }
  }

  @Test
  @DisplayName("a remount shows the same tree in every attribute, and rm -rf leaves nothing")
  void remounted() throws Exception {
    List<String> paths = new ArrayList<>();
    image = lowerImage(paths);
    mount("--upper", upper());
    awaitAll(start(Files.write(directory.resolve("paths"), paths)));
    TreeRecord before = TreeRecord.of(mountPoint);
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper());
    TreeRecord after = TreeRecord.of(mountPoint);
    assertEquals(List.of(), before.differencesTo(after));
    assertTrue(before.size() > 100, before.size() + " names only");
    removeAll(upper());
  }

  @Test
  @DisplayName(
      "during which the server was killed, counts and lists agree, and rm -rf leaves nothing")
  void killed() throws Exception {
    List<String> paths = new ArrayList<>();
    image = lowerImage(paths);
    mount("--upper", upper());
    List<Process> processes = start(Files.write(directory.resolve("paths"), paths));
    awaitChanges();
    long pid = entry().pid();
    Strata.tool("kill", "-9", Long.toString(pid));
    awaitEnd(pid);
    awaitAll(processes);
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper());
    TreeRecord before = TreeRecord.of(mountPoint);
    assertEquals(List.of(), before.faults());
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper());
    assertEquals(List.of(), before.differencesTo(TreeRecord.of(mountPoint)));
    removeAll(upper());
  }

  private void awaitChanges() throws Exception {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (changes() < 200) {
      assertTrue(System.nanoTime() < end, () -> "nothing changes in " + upper());
      Thread.sleep(20);
    }
  }

  private long changes() throws Exception {
    return Long.parseLong(Strata.tool("sh", "-c", "find " + upper() + " | wc -l").strip());
  }
}
