package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.store.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Hooks")
class HooksTest {
  private static final Snapshot ONE = new Snapshot("guru", "1");
  private static final Snapshot TWO = new Snapshot("guru", "2");
  private static final Hooks.Event EVENT =
      new Hooks.Event("sync", Optional.of(ONE), TWO, Path.of("/cache/guru-2.sqfs"));

  @TempDir Path directory;
  private Path hooks;
  private Path out;
  private final Heard heard = new Heard();

  @BeforeEach
  void make() throws Exception {
    hooks = Files.createDirectory(directory.resolve("post-switch.d"));
    // whatever umask another test has left in this process
    Files.setPosixFilePermissions(hooks, PosixFilePermissions.fromString("rwxr-xr-x"));
    out = directory.resolve("out");
  }

  @Test
  @DisplayName("run in the order of their names, with repository and snapshots in the environment")
  void order() throws Exception {
    hook("20-b", "echo b >> " + out);
    hook(
        "10-a",
        "echo $STRATA_CAUSE $STRATA_REPOSITORY $STRATA_OLD_SNAPSHOT $STRATA_NEW_SNAPSHOT"
            + " $STRATA_IMAGE $PWD >> "
            + out);
    hook("30-c", "cat; echo said; echo and this >&2");
    assertEquals(List.of(), run(EVENT));
    assertEquals("sync guru 1 2 /cache/guru-2.sqfs /\nb\n", Files.readString(out));
    assertEquals(List.of("30-c: said", "30-c: and this"), heard.notes);
  }

  @Test
  @DisplayName("that fail are reported, and the others run all the same")
  void failing() throws Exception {
    hook("1", "exit 3");
    Files.writeString(hook("2", ""), "#!/no/such/program\n");
    hook("3", "kill -9 $$");
    hook("4", "echo \"old '$STRATA_OLD_SNAPSHOT'\" > " + out);
    List<String> failures = run(new Hooks.Event("sync", Optional.empty(), TWO, Path.of("/x")));
    assertEquals(3, failures.size(), failures.toString());
    assertEquals(hooks.resolve("1") + ": it ended with exit code 3", failures.getFirst());
    assertTrue(failures.get(1).startsWith(hooks.resolve("2") + ": cannot be run: "));
    assertEquals(hooks.resolve("3") + ": it ended with exit code 137", failures.get(2));
    assertEquals("old ''\n", Files.readString(out));
  }

  @Test
  @DisplayName("that take too long are killed, with what they started; what stays behind does not")
  void limit() throws Exception {
    hook("1", "echo $$ > " + out + "; sleep 600 & echo $! >> " + out + "; wait");
    hook("2", "echo ran >> " + out + "; sleep 5 & true");
    long start = System.nanoTime();
    List<String> failures = new Hooks(hooks, Duration.ofSeconds(1)).run(EVENT, heard);
    assertTrue(System.nanoTime() - start < 30_000_000_000L);
    assertEquals(1, failures.size(), failures.toString());
    assertTrue(failures.getFirst().contains("did not end within 1 s"), failures.toString());
    List<String> lines = Files.readAllLines(out);
    assertEquals("ran", lines.get(2));
    for (String pid : lines.subList(0, 2)) {
      Optional<ProcessHandle> left = ProcessHandle.of(Long.parseLong(pid));
      assertTrue(left.isEmpty() || !left.get().isAlive() || isZombie(pid), pid);
    }
  }

  private static boolean isZombie(String pid) throws Exception {
    Path stat = Path.of("/proc", pid, "stat");
    return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
  }

  @Test
  @DisplayName("that others may write to are not run; what is no hook is passed over")
  void hostile() throws Exception {
    Path open = hook("1-open", "echo open >> " + out);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xrwx"));
    for (String other : List.of("2-x~", "2-x.bak", ".hidden", "README")) {
      hook(other, "echo " + other + " >> " + out);
    }
    Files.setPosixFilePermissions(
        hooks.resolve("README"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.createDirectory(hooks.resolve("directory"));
    Files.createSymbolicLink(hooks.resolve("4-dangling"), Path.of("/no/such/file"));
    hook("9", "echo last >> " + out);
    List<String> failures = run(EVENT);
    assertEquals(1, failures.size(), failures.toString());
    assertTrue(failures.getFirst().contains("others may write to " + open), failures.toString());
    assertEquals("last\n", Files.readString(out));
    Files.setPosixFilePermissions(hooks, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertEquals(2, run(EVENT).size());
    assertEquals(List.of(), new Hooks(directory.resolve("none"), Duration.ZERO).run(EVENT, heard));
  }

  private List<String> run(Hooks.Event event) throws Exception {
    return new Hooks(hooks, Duration.ofSeconds(30)).run(event, heard);
  }

  private Path hook(String name, String shell) throws Exception {
    Path file = Files.writeString(hooks.resolve(name), "#!/bin/sh\n" + shell + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
