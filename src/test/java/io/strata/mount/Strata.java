package io.strata.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.BuiltProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs the real command line, each verb a process of its own: with scripts/strata if that is built
 * of the present sources, else from the tests' class path.
 */
final class Strata {
  private static final long LONGEST_SECONDS = 60;

  private final List<String> prefix;
  private final Optional<Path> launcher;
  private final String classPath;
  private final Map<String, String> environment;
  private final Path scratch;

  private Strata(
      List<String> prefix,
      Optional<Path> launcher,
      String classPath,
      Map<String, String> environment,
      Path scratch) {
    this.prefix = prefix;
    this.launcher = launcher;
    this.classPath = classPath;
    this.environment = environment;
    this.scratch = scratch;
  }

  /** How a verb ended. */
  record Outcome(int code, String out, String err) {
    Outcome expect(int wanted) {
      assertTrue(code == wanted, "exit code " + code + ", not " + wanted + ": " + out + err);
      return this;
    }

    /** That stderr is one line and holds all these words. */
    Outcome says(String... words) {
      assertTrue(err.strip().lines().count() == 1, "more than one line: " + err);
      for (String word : words) {
        assertTrue(err.contains(word), "'" + word + "' is not in: " + err);
      }
      return this;
    }
  }

  /** The command line as this process's user; {@code scratch} takes what it prints. */
  static Strata here(Path scratch) {
    return new Strata(
        List.of(),
        BuiltProgram.launcher(),
        System.getProperty("java.class.path"),
        Map.of(),
        scratch);
  }

  /** The same behind another command, such as {@code setpriv}. */
  Strata behind(String... command) {
    return new Strata(List.of(command), launcher, classPath, environment, scratch);
  }

  /** The same from a class path. */
  Strata withClassPath(String other) {
    return new Strata(prefix, Optional.empty(), other, environment, scratch);
  }

  Strata with(String variable, String value) {
    Map<String, String> more = new java.util.HashMap<>(environment);
    more.put(variable, value);
    return new Strata(prefix, launcher, classPath, more, scratch);
  }

  /** The words that start a verb. */
  List<String> command(Object... arguments) {
    if (launcher.isEmpty()) {
      return java("io.strata.cli.Main", arguments);
    }
    List<String> command = new ArrayList<>(prefix);
    command.add(launcher.get().toString());
    return append(command, arguments);
  }

  private List<String> java(String mainClass, Object... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "-cp",
            classPath,
            mainClass));
    return append(command, arguments);
  }

  private static List<String> append(List<String> command, Object... arguments) {
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** Starts a verb that stays. */
  Process start(Object... arguments) throws IOException {
    return start(command(arguments));
  }

  /** Starts another program of the tests. */
  Process startProgram(String mainClass, Object... arguments) throws IOException {
    return start(java(mainClass, arguments));
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    return builder.start();
  }

  /**
   * Runs a verb to its end. What it prints goes through pipes, so that a server which kept one of
   * them would be noticed: the end would not come.
   */
  Outcome run(Object... arguments) throws IOException, InterruptedException {
    return run(command(arguments));
  }

  /** Runs any command in the same way. */
  Outcome run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Path err = Files.createTempFile(scratch, "err", "");
    builder.redirectError(err.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    Thread guard = Thread.ofVirtual().start(() -> endLater(process));
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    guard.interrupt();
    return new Outcome(code, out, Files.readString(err));
  }

  private static void endLater(Process process) {
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a command that has to succeed; gives what it prints. */
  static String tool(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertTrue(process.waitFor() == 0, () -> String.join(" ", command) + ": " + out);
    return out;
  }
}
