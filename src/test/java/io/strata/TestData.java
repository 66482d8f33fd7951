package io.strata;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the real mirrors, deltas and vectors that lie beside a checkout. */
public final class TestData {
  private TestData() {}

  /**
   * The file or directory {@code name} below the shared data.
   *
   * <p>The calling test is skipped, with the reason, where the data is absent.
   */
  public static Path shared(String name) {
    Path root = Path.of(System.getProperty("strata.shared", "../shared/data"));
    assumeTrue(Files.isDirectory(root), "needs the shared test data at " + root);
    return root.resolve(name).toAbsolutePath().normalize();
  }

  /** Skips the calling test, with the reason, unless it runs as root. */
  public static void needsRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }

  /** Skips the calling test, with the reason, unless FUSE can be mounted here. */
  public static void needsFuse() {
    assumeTrue(Files.isReadable(Path.of("/dev/fuse")), "needs a readable /dev/fuse");
  }
}
