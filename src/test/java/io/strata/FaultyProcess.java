package io.strata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The real command line as a process of its own that is killed, or gets errors of the disk, in the
 * middle of its work; see native-tests/faults.
 */
public final class FaultyProcess {
  private static final long LONGEST_SECONDS = 300;

  private FaultyProcess() {}

  /** How it ended, and what it said on stderr. */
  public record Outcome(int code, String err) {}

  /**
   * Runs it to its end.
   *
   * @param scratch a directory for what it says
   * @param environment which fault comes when
   * @param arguments of the command line
   */
  public static Outcome run(Path scratch, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.strata.cli.Main"));
    command.addAll(arguments);
    Path err = scratch.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(err.toFile());
    Process process = builder.start();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " hangs");
    }
    return new Outcome(process.exitValue(), Files.readString(err));
  }
}
