package io.strata.mount;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Serves mounts one after another in one process, so that a single class archive (JEP 483, 514)
 * holds what every server loads, and little else: a server starts the sooner the less there is in
 * it. For the build only.
 */
final class ServerRehearsal {
  private ServerRehearsal() {}

  /**
   * Serves each mount until it is unmounted. One that fails does not stop the rest.
   *
   * @param arguments an image, a mount point and an upper layer, which may be empty; any number of
   *     such threes
   */
  public static void main(String[] arguments) {
    for (int i = 0; i + 2 < arguments.length; i += 3) {
      serve(plan(Path.of(arguments[i]), Path.of(arguments[i + 1]), arguments[i + 2]));
    }
    Runtime.getRuntime().halt(0);
  }

  private static void serve(MountPlan plan) {
    try {
      KeyedLines lines = new KeyedLines();
      plan.write(lines);
      MountPlan copy = MountPlan.read(KeyedLines.parse(lines.toString()));
      Server.foreground(copy, Registry.ofThisUser(), notes -> {});
    } catch (MountException e) {
      System.err.println("rehearsal: " + plan.mountPoint() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static MountPlan plan(Path image, Path mountPoint, String upper) {
    Optional<Path> changes = upper.isEmpty() ? Optional.empty() : Optional.of(Path.of(upper));
    return new MountPlan(
        mountPoint,
        image.toString(),
        Optional.empty(),
        Optional.empty(),
        image,
        List.of(),
        changes,
        changes.map(path -> path.resolveSibling(path.getFileName() + ".work")),
        MountWords.NONE,
        TransportKind.KERNEL,
        0,
        mountPoint.resolveSibling("log"));
  }
}
