package io.strata.cli;

import io.strata.posix.Posix;
import io.strata.store.Current;
import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import io.strata.store.StoreException;
import io.strata.sync.RepositoryConfig;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is here of a repository.
 *
 * @param name the repository's
 * @param cache the directory of its images
 * @param current the version that the link names, if it names one that is here
 * @param versions of the images here, by name
 * @param fault what is wrong with the link, if anything is
 * @param trust on whose word it is what it is
 */
record RepositorySnapshots(
    String name,
    Path cache,
    Optional<String> current,
    List<String> versions,
    Optional<String> fault,
    IndexTrust trust) {

  static RepositorySnapshots of(RepositoryConfig config) throws StoreException, IOException {
    ImageStore store = new ImageStore(config.cache(), Posix.system());
    Current current = store.current(config.name());
    Optional<String> version =
        current instanceof Current.Present present
            ? Optional.of(present.snapshot().version())
            : Optional.empty();
    Optional<String> fault =
        current instanceof Current.Broken broken ? Optional.of(broken.reason()) : Optional.empty();
    return new RepositorySnapshots(
        config.name(),
        store.directory(),
        version,
        versions(config.name(), store),
        fault,
        IndexTrust.of(config, store.state(config.name())));
  }

  // Another repository's name may begin with this one's; what Strata put here is known for sure.
  private static List<String> versions(String name, ImageStore store)
      throws StoreException, IOException {
    List<String> versions = new ArrayList<>();
    var known = store.state(name).images().keySet();
    try (var files = Files.newDirectoryStream(store.directory(), "*.sqfs")) {
      for (Path file : files) {
        Snapshot.ofImageName(name, String.valueOf(file.getFileName()))
            .map(Snapshot::version)
            .filter(known::contains)
            .ifPresent(versions::add);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    versions.sort(null);
    return versions;
  }

  String summary() {
    return fault
        .map(words -> "the link is of no use: " + words)
        .or(() -> current.map(version -> "at snapshot " + version))
        .orElse("no snapshot here");
  }
}
