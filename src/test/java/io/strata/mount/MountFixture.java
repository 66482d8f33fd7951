package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.RingSwitch;
import io.strata.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A place to mount on, an image, and the certainty that nothing is left of either. */
abstract class MountFixture {
  @TempDir Path directory;

  Path mountPoint = Path.of("");
  Path image = Path.of("");
  Strata strata = Strata.here(Path.of(""));

  @BeforeEach
  void prepare() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    directory = directory.toRealPath();
    mountPoint = Files.createDirectory(directory.resolve("mount"));
    image = image("first", "one");
    strata = Strata.here(Files.createDirectory(directory.resolve("scratch")));
  }

  @AfterEach
  void clear() throws Exception {
    for (RegistryEntry entry : entries()) {
      if (registry().alive(entry)) {
        Strata.tool("kill", "-9", Long.toString(entry.pid()));
      }
    }
    while (mounted().isPresent()) {
      Strata.tool("umount", "-l", mountPoint.toString());
    }
    registry().sweep(MountTable.read());
    Files.deleteIfExists(Directories.ofThisUser().log(mountPoint));
  }

  /** An image that holds a file {@code word} with this word in it, and a program. */
  Path image(String name, String word) throws Exception {
    Path tree = Files.createDirectory(directory.resolve(name + ".tree"));
    Files.writeString(tree.resolve("word"), word);
    Files.createDirectory(tree.resolve("sub"));
    Files.copy(Path.of("/bin/sleep"), tree.resolve("sleep"));
    Path file = directory.resolve(name + ".sqfs");
    Strata.tool("mksquashfs", tree.toString(), file.toString(), "-quiet", "-no-progress");
    return file;
  }

  Registry registry() throws MountException {
    return Registry.ofThisUser();
  }

  List<RegistryEntry> entries() throws MountException {
    return registry().entries().stream()
        .filter(entry -> entry.plan().mountPoint().equals(mountPoint))
        .toList();
  }

  RegistryEntry entry() throws MountException {
    assertEquals(1, entries().size());
    return entries().getFirst();
  }

  Optional<MountPoint> mounted() throws IOException {
    return MountTable.read().at(mountPoint.toString());
  }

  String word() throws IOException {
    return Files.readString(mountPoint.resolve("word"));
  }

  /**
   * {@code -Dstrata.transport=libfuse} has it served by that, {@code io_uring} over io_uring,
   * unless {@code more} says more.
   */
  void mount(Object... more) throws Exception {
    List<Object> arguments = new ArrayList<>(List.of("mount", image, mountPoint));
    String transport = System.getProperty("strata.transport", "kernel");
    boolean ring = transport.equals("io_uring");
    if (ring) {
      arguments.add("--io-uring");
    } else if (!transport.equals("kernel") && !Arrays.asList(more).contains("--transport")) {
      arguments.addAll(List.of("--transport", transport));
    }
    arguments.addAll(Arrays.asList(more));
    try (RingSwitch on = ring ? RingSwitch.on() : null) {
      strata.run(arguments.toArray()).expect(0);
    }
  }

  void assertNothingLeft() throws Exception {
    assertTrue(mounted().isEmpty(), "still mounted");
    assertEquals(List.of(), entries());
  }

  /** Removes all that is in the mount, and unmounts; in the upper only whiteouts may be left. */
  void removeAll(Path upper) throws Exception {
    Strata.tool("find", mountPoint.toString(), "-mindepth", "1", "-delete");
    strata.run("umount", mountPoint).expect(0);
    mount("--upper", upper);
    assertEquals("", Strata.tool("ls", "-A", mountPoint.toString()));
    strata.run("umount", mountPoint).expect(0);
    String left = Strata.tool("find", upper.toString(), "-mindepth", "1", "!", "-type", "c");
    assertEquals("", left, "more than whiteouts is left in the upper");
    String work = upper + ".work";
    assertEquals("", Strata.tool("find", work, "-mindepth", "2"), "left in the work directory");
  }

  /** Waits for a process to end that is not a child of this one. */
  static void awaitEnd(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(20, TimeUnit.SECONDS);
    }
  }
}
