package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.mount.SwitchResult.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Switches mounts to another snapshot of their repository. Thread-safe. */
public final class Switcher {
  /** A large mount may take its time to be made; a server that hangs must not hang us for ever. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Registry registry;

  public Switcher(Registry registry) {
    this.registry = registry;
  }

  /**
   * Switches every mount of a repository whose image lies in the same cache.
   *
   * @param repository its name
   * @param image the current image, absolute, in the cache directory
   * @param version of its snapshot
   * @return what became of each mount, in the order of the mount points
   */
  public List<SwitchResult> switchAll(String repository, Path image, String version)
      throws MountException, InterruptedException {
    List<SwitchResult> results = new ArrayList<>();
    for (RegistryEntry entry : registry.entries()) {
      if (isOf(entry, repository, image)) {
        results.add(switchOne(entry, image, version));
      }
    }
    return results;
  }

  private static boolean isOf(RegistryEntry entry, String repository, Path image) {
    return entry.plan().repository().filter(repository::equals).isPresent()
        && Directories.parentOf(entry.plan().image()).equals(Directories.parentOf(image));
  }

  /** Switches one mount. */
  public SwitchResult switchOne(RegistryEntry entry, Path image, String version)
      throws InterruptedException {
    String mountPoint = entry.plan().mountPoint().toString();
    if (!registry.alive(entry)) {
      String message =
          mountPoint + ": its server is dead; 'strata umount " + mountPoint + "', then mount it";
      return new SwitchResult(entry, Outcome.DEAD, message);
    }
    if (entry.plan().image().equals(image)) {
      return new SwitchResult(entry, Outcome.UNCHANGED, "");
    }
    KeyedLines request =
        new KeyedLines()
            .put("verb", "switch")
            .put("image", image.toString())
            .put("snapshot", version);
    try {
      new ControlClient(entry).ask(request, PATIENCE);
      return new SwitchResult(entry, Outcome.SWITCHED, "");
    } catch (MountException e) {
      Outcome outcome = e.kind() == Kind.BUSY ? Outcome.BUSY : Outcome.FAILED;
      return new SwitchResult(entry, outcome, String.valueOf(e.getMessage()));
    }
  }
}
