package io.strata.cli;

import io.strata.posix.Posix;
import io.strata.store.Current;
import io.strata.store.ImageStore;
import io.strata.store.StoreException;
import io.strata.sync.ConfigException;
import io.strata.sync.Repositories;
import io.strata.sync.RepositoryConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What SOURCE of {@code strata mount} stands for.
 *
 * @param name as the mount table will show it
 * @param image the image, or the directory, absolute
 * @param repository whose current snapshot it is
 * @param snapshot the version of that
 * @param location where the repository is to be mounted
 * @param upper the repository's upper layer
 */
record MountSource(
    String name,
    Path image,
    Optional<String> repository,
    Optional<String> snapshot,
    Optional<Path> location,
    Optional<Path> upper) {

  /**
   * Finds it: a word with a slash in it, or with none but naming a file or device here, is an image
   * or a directory; anything else a repository.
   */
  static MountSource find(String source, Optional<Path> config)
      throws CommandException, ConfigException, StoreException {
    Path path = Path.of(source);
    if (source.indexOf('/') >= 0 || (Files.exists(path) && !Files.isDirectory(path))) {
      return ofLayer(path);
    }
    return ofRepository(source, repository(source, config));
  }

  private static MountSource ofLayer(Path path) throws CommandException {
    if (!Files.exists(path)) {
      throw new CommandException(ExitCode.IMAGE, path + ": no such image or directory");
    }
    Path image = MountCommand.real(path);
    return called(image.toString(), image);
  }

  /** An image or a directory, absolute, which the mount table shows by another name. */
  static MountSource called(String name, Path image) {
    return new MountSource(
        name, image, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static RepositoryConfig repository(String name, Optional<Path> config)
      throws CommandException, ConfigException {
    try {
      return Repositories.find(config, System.getenv()).get(name);
    } catch (ConfigException e) {
      throw new CommandException(
          ExitCode.USAGE,
          "'" + name + "' is neither an image here nor a repository: " + e.getMessage(),
          e);
    }
  }

  private static MountSource ofRepository(String name, RepositoryConfig config)
      throws CommandException, StoreException {
    ImageStore store = new ImageStore(config.cache(), Posix.system());
    String wayOut = "; run 'strata sync " + name + "'";
    return switch (store.current(name)) {
      case Current.Present current ->
          new MountSource(
              name,
              MountCommand.real(current.image()),
              Optional.of(name),
              Optional.of(current.snapshot().version()),
              config.location(),
              config.upper());
      case Current.None none ->
          throw new CommandException(
              ExitCode.MOUNT, name + ": no snapshot of it in " + store.directory() + wayOut);
      case Current.Broken broken ->
          throw new CommandException(
              ExitCode.MOUNT, store.link(name) + ": " + broken.reason() + wayOut);
    };
  }
}
