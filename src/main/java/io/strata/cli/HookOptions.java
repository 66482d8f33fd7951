package io.strata.cli;

import io.strata.sync.Hooks;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where hooks are, as the command line and the environment have it. */
final class HookOptions {
  private HookOptions() {}

  /** The first of: {@code option}, {@code $STRATA_HOOKS}, {@link Hooks#DEFAULT_DIRECTORY}. */
  static Hooks hooks(@Nullable Path option, long seconds) {
    String variable = System.getenv("STRATA_HOOKS");
    Path directory =
        option != null
            ? option
            : variable != null && !variable.isEmpty() ? Path.of(variable) : Hooks.DEFAULT_DIRECTORY;
    return new Hooks(directory, Duration.ofSeconds(Math.max(1, seconds)));
  }
}
