package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A publisher that is told to end")
class PublishSignalIT {
  private static final int SIGTERM = 128 + 15;

  @TempDir Path directory;

  @Test
  @DisplayName("ends at once, with the command that it runs and what that has started")
  void sigterm() throws Exception {
    ImageTools.needs("mksquashfs");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path mirror = directory.resolve("mirror");
    Path pid = directory.resolve("pid");
    // The shell that is the command waits for one that it has started.
    String command = "f() { sh -c 'echo $$ > " + pid + "; exec sleep 300'; :; }; f";
    Process publisher = start(tree, mirror, command);
    try {
      await(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
      Optional<ProcessHandle> started =
          ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
      assertTrue(started.isPresent() && started.get().isAlive());
      publisher.destroy();
      assertTrue(publisher.waitFor(20, TimeUnit.SECONDS));
      assertEquals(SIGTERM, publisher.exitValue());
      await(() -> !started.get().isAlive());
    } finally {
      publisher.descendants().forEach(ProcessHandle::destroyForcibly);
      publisher.destroyForcibly();
    }
    assertFalse(Files.exists(mirror.resolve("sha512sum.txt")));
    new Publisher(Posix.system(), Clock.systemUTC())
        .publish(new Requests(tree, mirror).of("demo", "1"), PublishListener.NONE);
    assertTrue(Files.exists(mirror.resolve("demo-1.sqfs")));
  }

  private static Process start(Path tree, Path mirror, String command) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.strata.cli.Main",
                "publish",
                tree.toString(),
                "--repo=demo",
                "--version=1",
                "--to=" + mirror,
                "--post-process=" + command))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Instant end = Instant.now().plusSeconds(60);
    while (!condition.call()) {
      assertTrue(Instant.now().isBefore(end), "in vain");
      Thread.sleep(20);
    }
  }
}
