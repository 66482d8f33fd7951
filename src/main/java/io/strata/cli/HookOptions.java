package io.strata.cli;

import io.strata.sync.Hooks;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where hooks are, as the command line and the environment have it. */
final class HookOptions {
  @Option(
      names = "--hooks",
      paramLabel = "DIR",
      description =
          "The programs that run after a switch; default: $STRATA_HOOKS, else"
              + " /etc/strata/post-switch.d.")
  private @Nullable Path directory;

  @Option(
      names = "--hook-timeout",
      paramLabel = "SECONDS",
      description = "How long each of them may run. Default: ${DEFAULT-VALUE}.")
  private long seconds = Hooks.DEFAULT_LIMIT.toSeconds();

  /**
   * Those of the first of: {@code --hooks}, {@code $STRATA_HOOKS}, {@link Hooks#DEFAULT_DIRECTORY}.
   */
  Hooks programs() {
    String variable = System.getenv("STRATA_HOOKS");
    Path chosen =
        directory != null
            ? directory
            : variable != null && !variable.isEmpty() ? Path.of(variable) : Hooks.DEFAULT_DIRECTORY;
    return new Hooks(chosen, Duration.ofSeconds(Math.max(1, seconds)));
  }
}
