package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The programs that the tests compare with. */
public final class Programs {
  private Programs() {}

  /** Skips the calling test unless {@code program} is installed. */
  public static void needs(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean found =
        Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    assumeTrue(found, "needs the program " + program);
  }

  /** Runs a program to its end; fails with what it said unless it succeeds. */
  public static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> command + ": " + said);
  }
}
