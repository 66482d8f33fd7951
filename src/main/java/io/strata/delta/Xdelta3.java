package io.strata.delta;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The xdelta3 program, which makes the patch of a delta. */
final class Xdelta3 {
  private static final long DEFAULT_SOURCE_WINDOW = 64L << 20;
  private static final long MAX_SOURCE_WINDOW = 2L << 30;

  private final String program;

  /** The program by its name or path. */
  Xdelta3(String program) {
    this.program = program;
  }

  /**
   * Writes the patch from {@code source} to {@code target}, as upstream does: best compression,
   * DJW. Without an application header, so that the same files give the same patch.
   *
   * @param sourceLength length of the source in bytes
   */
  void encode(Path source, long sourceLength, Path target, Path patch)
      throws IOException, DeltaException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                program,
                "-e",
                "-q",
                "-f",
                "-9",
                "-S",
                "djw",
                "-A",
                "-B",
                Long.toString(sourceWindow(sourceLength)),
                "-s",
                source.toString(),
                target.toString(),
                patch.toString()));
    builder.environment().remove("XDELTA"); // it may hold arguments
    run(builder.redirectErrorStream(true));
  }

  /** Matches are found only within the window; a power of two wastes the least. */
  private static long sourceWindow(long length) {
    long window = DEFAULT_SOURCE_WINDOW;
    while (window < length && window < MAX_SOURCE_WINDOW) {
      window *= 2;
    }
    return window;
  }

  private void run(ProcessBuilder builder) throws IOException, DeltaException {
    Process process = start(builder);
    try {
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes()).strip();
      int status = process.waitFor();
      if (status != 0) {
        throw new DeltaException(program + " ended with status " + status + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeltaException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start(ProcessBuilder builder) throws DeltaException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DeltaException(
          "can't run " + program + " (on Debian: apt-get install xdelta3): " + e.getMessage(), e);
    }
  }
}
