package io.strata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The program as scripts/strata runs it: one jar, and archives of its classes. So it starts with
 * half the processor time that it needs from the tests' class path.
 */
public final class BuiltProgram {
  private static final Path LAUNCHER = Path.of("scripts", "strata").toAbsolutePath();
  private static final boolean CURRENT = isCurrent();

  private BuiltProgram() {}

  /** What starts it; empty where it is not built of the present sources: it is not under test. */
  public static Optional<Path> launcher() {
    return CURRENT ? Optional.of(LAUNCHER) : Optional.empty();
  }

  private static boolean isCurrent() {
    String ask = "strata_home=.; . scripts/lib/build.sh; strata_is_current";
    try {
      return new ProcessBuilder("sh", "-c", ask).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
