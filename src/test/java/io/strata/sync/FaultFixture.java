package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.FaultyProcess;
import io.strata.blocks.BlockIndex;
import io.strata.posix.Posix;
import io.strata.serve.AccessLog;
import io.strata.serve.FileServer;
import io.strata.squashfs.ImageTools;
import io.strata.store.Current;
import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import io.strata.trust.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A mirror, a cache, the real command line over it, and what must be true of the cache. */
final class FaultFixture implements AutoCloseable {
  final ImageStore store;
  final RepositoryConfig config;
  private final Path directory;
  private final Path configFile;
  private final SmallMirror files;
  private final FileServer mirror;
  private final Heard heard = new Heard();

  FaultFixture(Path directory) throws Exception {
    this.directory = directory;
    store = new ImageStore(directory.resolve("cache"), Posix.system());
    files = new SmallMirror(directory.resolve("mirror"));
    for (String version : List.of("1", "2", "3", "4")) {
      files.image("guru", version);
    }
    files.delta("guru", "1", "2").delta("guru", "2", "3");
    addParts();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    mirror = FileServer.start(files.directory, any, AccessLog.NONE);
    config =
        new RepositoryConfig(
            "guru",
            Optional.empty(),
            List.of(mirror.uri()),
            true,
            Verification.NO,
            Optional.empty(),
            store.directory(),
            Optional.empty());
    configFile =
        Files.writeString(
            directory.resolve("repos.conf"),
            "[guru]\nsync-type = squashdelta\nopenpgp-verify = no\nsync-uri = "
                + mirror.uri()
                + "\nsync-squashdelta-cache = "
                + store.directory()
                + "\n");
  }

  /** Two images that have most blocks in common, of which the second has a block index. */
  private void addParts() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (String version : List.of("5", "6")) {
      for (int i = 0; i < 6; i++) {
        byte[] noise = new byte[50_000];
        new Random(i == 3 ? Integer.parseInt(version) : -i).nextBytes(noise);
        Files.write(tree.resolve("file" + i), noise);
      }
      Path image = ImageTools.mksquashfs(tree, directory.resolve(version), "-b", "16384");
      files.file("guru-" + version + ".sqfs", Files.readAllBytes(image));
      if (version.equals("6")) {
        files.file("guru-6.sqfs.blocks", BlockIndex.of(image).bytes());
      }
    }
  }

  private byte[] image(String version) throws IOException {
    return Files.readAllBytes(files.directory.resolve("guru-" + version + ".sqfs"));
  }

  /** Makes the cache what it is before the scenario. */
  void prepare(FaultScenario scenario) throws Exception {
    if (Files.exists(store.directory())) {
      run("find", store.directory().toString(), "-mindepth", "1", "-delete");
    }
    for (String version : scenario.synced) {
      files.index("guru-" + version);
      sync();
    }
    files.index("guru-" + scenario.newest);
    if (scenario == FaultScenario.UNDO) {
      new Rollback(Posix.system()).back(config, Turn.WAIT, heard);
    }
    if (scenario == FaultScenario.GC) {
      Files.writeString(store.directory().resolve(".guru:image.part"), "half");
    }
  }

  SyncResult sync() throws SyncException {
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      return engine.sync(config, heard);
    }
  }

  /** Runs the scenario's verb as a process of its own. */
  FaultyProcess.Outcome process(FaultScenario scenario, Map<String, String> environment)
      throws Exception {
    List<String> arguments = new ArrayList<>(scenario.verb);
    arguments.addAll(List.of("--config", configFile.toString()));
    return FaultyProcess.run(directory, environment, arguments);
  }

  /** That the link names a whole image, or, before the first sync has ended, that there is none. */
  Optional<String> soundLink(FaultScenario scenario, String when) throws Exception {
    Path link = store.link("guru");
    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      assertEquals(FaultScenario.FIRST, scenario, "the link is gone " + when);
      return Optional.empty();
    }
    if (!(store.current("guru") instanceof Current.Present present)) {
      throw new AssertionError(store.current("guru") + " " + when);
    }
    String version = present.snapshot().version();
    assertArrayEquals(image(version), Files.readAllBytes(link), when);
    List<String> right =
        scenario.rollsBack() ? List.of("1", "2") : List.of(last(scenario), scenario.newest);
    assertTrue(right.contains(version), version + " is current " + when);
    return Optional.of(version);
  }

  private static String last(FaultScenario scenario) {
    return scenario.synced.isEmpty() ? scenario.newest : scenario.synced.getLast();
  }

  /** That the next sync ends well, and what is here then is what should be, and nothing else. */
  void nextSync(FaultScenario scenario, Optional<String> before, String when) throws Exception {
    sync();
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      engine.collect(config, 2);
    }
    String now = soundLink(scenario, "after the next sync, " + when).orElseThrow();
    if (scenario == FaultScenario.ROLLBACK) {
      assertEquals(before.orElseThrow(), now, "what was rolled back, " + when);
    } else if (scenario != FaultScenario.UNDO) {
      assertEquals(scenario.newest, now, when);
    }
    assertNothingElse(when);
  }

  private void assertNothingElse(String when) throws Exception {
    List<String> others = new ArrayList<>();
    int images = 0;
    try (var all = Files.list(store.directory())) {
      for (Path file : all.toList()) {
        String name = String.valueOf(file.getFileName());
        Optional<Snapshot> snapshot = Snapshot.ofImageName("guru", name);
        if (snapshot.isPresent()) {
          byte[] right = image(snapshot.get().version());
          assertArrayEquals(right, Files.readAllBytes(file), name + " " + when);
          images++;
        } else {
          others.add(name);
        }
      }
    }
    others.sort(null);
    assertEquals(List.of(".strata", "guru-current.sqfs"), others, when);
    assertEquals(store.state("guru").images().size(), images, when);
    assertTrue(images <= 2, images + " images " + when);
    try (var own = Files.list(store.directory().resolve(".strata"))) {
      assertEquals(
          List.of("guru.history", "guru.lock", "guru.state"),
          own.map(file -> "" + file.getFileName()).sorted().toList(),
          when);
    }
  }

  static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  @Override
  public void close() {
    mirror.close();
  }
}
