package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Kills the server at random moments while three threads change the mount, each knowing what must
 * be there. {@code -Dstrata.kills=200} kills so often.
 */
@DisplayName("A server that is killed while it is worked with")
class KillIT extends MountFixture {
  private static final int KILLS = Integer.getInteger("strata.kills", 3);
  private static final long SEED = Long.getLong("strata.seed", 1);
  private static final int WORKERS = 3;
  private static final int LONGEST_MILLIS = 500;

  private final Random random = new Random(SEED);

  private Path upper() {
    return directory.resolve("upper");
  }

  @Test
  @DisplayName("leaves every file old or new, nothing hidden shows again, nothing stays in work")
  void killed() throws Exception {
    List<KnownTree> trees = new ArrayList<>();
    Path lower = Files.createDirectory(directory.resolve("trees"));
    for (int i = 0; i < WORKERS; i++) {
      trees.add(KnownTree.make(lower.resolve("w" + i), SEED * 10 + i));
    }
    image = directory.resolve("trees.sqfs");
    Strata.tool("mksquashfs", lower.toString(), image.toString(), "-quiet", "-no-progress");
    for (int kill = 0; kill < KILLS; kill++) {
      mount("--upper", upper());
      verify(trees, "before kill " + kill);
      workUntilKilled(trees);
      strata.run("umount", mountPoint).expect(0);
    }
    mount("--upper", upper());
    verify(trees, "at the end");
    removeAll(upper());
  }

  private void verify(List<KnownTree> trees, String when) throws Exception {
    assertEquals("", Strata.tool("ls", "-A", upper() + ".work/work"), "left in work, " + when);
    for (KnownTree tree : trees) {
      assertEquals(List.of(), tree.settle(mountPoint), when);
    }
  }

  private void workUntilKilled(List<KnownTree> trees) throws Exception {
    long pid = entry().pid();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (KnownTree tree : trees) {
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
              .start(() -> tree.changeUntilGone(mountPoint)));
    }
    Thread.sleep(random.nextInt(LONGEST_MILLIS));
    Strata.tool("kill", "-9", Long.toString(pid));
    awaitEnd(pid);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }
}
