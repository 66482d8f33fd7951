package io.strata.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code scripts/strata} and other programs as a user would, and keeps what they said. */
public final class Launcher {
  private static final long LIMIT_SECONDS = 120;

  private final Path scratch;

  /** {@code scratch} takes the output of the programs. */
  public Launcher(Path scratch) {
    this.scratch = scratch;
  }

  /** How a program ended and what it said. */
  public record Result(int exitCode, String out, String err) {}

  /** Runs the program of this checkout. */
  public Result strata(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("scripts/strata"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Runs a line of shell in {@code directory}. */
  public Result shell(Path directory, String line) throws IOException, InterruptedException {
    return run(List.of("sh", "-ec", "cd \"$0\"; " + line, directory.toString()));
  }

  private Result run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(scratch, "out", "");
    Path err = Files.createTempFile(scratch, "err", "");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within " + LIMIT_SECONDS + " s");
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
