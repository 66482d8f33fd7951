package io.strata.sync;

import io.strata.trust.Verification;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One repository of {@code repos.conf} whose {@code sync-type} is {@code squashdelta}.
 *
 * @param name the section's
 * @param location where it is to be mounted
 * @param syncUris mirrors, in the order in which they are tried; each ends in {@code /}
 * @param autoSync whether a sync that names no repository means this one too
 * @param verification {@code openpgp-verify}
 * @param keyPath {@code sync-openpgp-key-path}, a file or a directory of keys
 * @param cache {@code sync-squashdelta-cache}, the directory of images
 * @param upper {@code sync-squashdelta-upper}, the upper layer of a writable mount
 * @param maxAge {@code sync-squashdelta-max-age}, how old a signed index may be before there is a
 *     warning, and half of how old before it is refused; positive; empty if any age will do
 * @param keep {@code sync-squashdelta-keep}, how many snapshots stay here, 1 or more
 * @param maxSize {@code sync-squashdelta-max-size}, bytes that an image or a delta may have at
 *     most; empty if the mirror's word and the space here are all that counts
 */
public record RepositoryConfig(
    String name,
    Optional<Path> location,
    List<URI> syncUris,
    boolean autoSync,
    Verification verification,
    Optional<Path> keyPath,
    Path cache,
    Optional<Path> upper,
    Optional<Duration> maxAge,
    int keep,
    OptionalLong maxSize) {

  /** Where images lie unless the configuration says otherwise; Portage's users know the place. */
  public static final Path DEFAULT_CACHE = Path.of("/var/cache/portage/squashfs");

  /** How old an index may be unless the configuration says otherwise. */
  public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(14);

  /** The current snapshot, and the one to which a rollback goes. */
  public static final int DEFAULT_KEEP = 2;

  /** Takes a copy, so that the value never changes. */
  public RepositoryConfig {
    syncUris = List.copyOf(syncUris);
  }

  /** A repository with the defaults of what is not named here. */
  public RepositoryConfig(
      String name,
      Optional<Path> location,
      List<URI> syncUris,
      boolean autoSync,
      Verification verification,
      Optional<Path> keyPath,
      Path cache,
      Optional<Path> upper) {
    this(
        name,
        location,
        syncUris,
        autoSync,
        verification,
        keyPath,
        cache,
        upper,
        Optional.of(DEFAULT_MAX_AGE),
        DEFAULT_KEEP,
        OptionalLong.empty());
  }

  /** The same with another maximum age. */
  public RepositoryConfig withMaxAge(Optional<Duration> age) {
    return with(age, maxSize);
  }

  /** The same with another largest size. */
  public RepositoryConfig withMaxSize(long bytes) {
    return with(maxAge, OptionalLong.of(bytes));
  }

  private RepositoryConfig with(Optional<Duration> age, OptionalLong size) {
    return new RepositoryConfig(
        name, location, syncUris, autoSync, verification, keyPath, cache, upper, age, keep, size);
  }
}
