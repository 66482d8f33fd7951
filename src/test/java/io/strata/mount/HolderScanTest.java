package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.mount.Holder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The search for the holders of a mount")
class HolderScanTest {
  private static final MountTable EMPTY = MountTable.parse("");

  @TempDir Path root;
  private Path proc;
  private Path block;

  @BeforeEach
  void tree() throws IOException {
    proc = Files.createDirectory(root.resolve("proc"));
    block = Files.createDirectory(root.resolve("block"));
    Files.createDirectory(proc.resolve("self"));
  }

  private Path process(long pid, String command) throws IOException {
    Path directory = Files.createDirectory(proc.resolve(Long.toString(pid)));
    Files.createDirectory(directory.resolve("fd"));
    Files.writeString(directory.resolve("comm"), command + "\n");
    Files.writeString(directory.resolve("maps"), "");
    link(directory.resolve("cwd"), "/nowhere");
    link(directory.resolve("root"), "/nowhere");
    link(directory.resolve("exe"), "/nowhere/" + command);
    return directory;
  }

  private static void link(Path link, String target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(target));
  }

  private List<Holder> scan(MountTable table) {
    return new HolderScan(Processes.below(proc), block).holders("/mnt/x", table);
  }

  @Test
  @DisplayName(
      "finds working directory, root, program, open file and mapping, with pid and command")
  void kinds() throws IOException {
    link(process(10, "bash").resolve("cwd"), "/mnt/x/a");
    link(process(11, "jail").resolve("root"), "/mnt/x");
    link(process(12, "tool").resolve("exe"), "/mnt/x/bin/tool");
    link(process(13, "cat").resolve("fd").resolve("3"), "/mnt/x/file (deleted)");
    Files.writeString(
        process(14, "java").resolve("maps"),
        """
        7f0000000000-7f0000001000 r--p 00000000 08:01 123   /usr/lib/x.so
        7f0000001000-7f0000002000 r--s 00000000 00:2f 124   /mnt/x/data file
        """);
    assertEquals(
        List.of(
            new Holder(Kind.WORKING_DIRECTORY, 10, "bash", "/mnt/x/a"),
            new Holder(Kind.ROOT_DIRECTORY, 11, "jail", "/mnt/x"),
            new Holder(Kind.PROGRAM, 12, "tool", "/mnt/x/bin/tool"),
            new Holder(Kind.OPEN_FILE, 13, "cat", "/mnt/x/file (deleted)"),
            new Holder(Kind.MAPPING, 14, "java", "/mnt/x/data file")),
        scan(EMPTY));
  }

  @Test
  @DisplayName("takes no neighbour for the mount: a name that only begins like it")
  void neighbours() throws IOException {
    Path directory = process(20, "vi");
    link(directory.resolve("cwd"), "/mnt/xy");
    link(directory.resolve("fd").resolve("4"), "/other/mnt/x/f");
    link(directory.resolve("fd").resolve("5"), "socket:[77]");
    Files.writeString(directory.resolve("maps"), "0-1 r--p 0 0:1 1 /other/mnt/x/lib\n");
    assertTrue(scan(EMPTY).isEmpty());
  }

  @Test
  @DisplayName("finds mounts inside and loop devices backed by a file of the mount")
  void kernel() throws IOException {
    Path loop = Files.createDirectories(block.resolve("loop7").resolve("loop"));
    Files.writeString(loop.resolve("backing_file"), "/mnt/x/disk.img\n");
    Files.createDirectory(block.resolve("loop8")); // one that is free
    MountTable table = MountTable.parse("9 8 0:9 / /mnt/x/sub rw - tmpfs none rw\n");
    assertEquals(
        List.of(
            new Holder(Kind.MOUNT, 0, "tmpfs of none", "/mnt/x/sub"),
            new Holder(Kind.LOOP_DEVICE, 0, "/dev/loop7", "/mnt/x/disk.img")),
        scan(table));
  }

  @Test
  @DisplayName("says who they are in one line, and how many more there are")
  void words() {
    Holder one = new Holder(Kind.OPEN_FILE, 3, "cat", "/mnt/x/f");
    assertEquals("cat (pid 3): open file /mnt/x/f", Holder.describe(List.of(one)));
    String many = Holder.describe(List.of(one, one, one, one, one));
    assertTrue(many.endsWith(", and 2 more"), many);
    assertTrue(Holder.describe(List.of()).startsWith("nobody"));
  }

  @Test
  @DisplayName("sees this very process by its working directory")
  void real() throws IOException {
    Path here = Path.of("").toRealPath();
    long pid = ProcessHandle.current().pid();
    List<Holder> holders = new HolderScan(Processes.system()).holders(here.toString(), EMPTY);
    assertTrue(
        holders.stream().anyMatch(h -> h.pid() == pid && h.kind() == Kind.WORKING_DIRECTORY));
  }
}
