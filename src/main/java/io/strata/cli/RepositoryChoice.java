package io.strata.cli;

import io.strata.sync.ConfigException;
import io.strata.sync.Repositories;
import io.strata.sync.RepositoryConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The repositories that the words of a command line mean. */
final class RepositoryChoice {
  private RepositoryChoice() {}

  /** Those of these names, each once; all that are configured if there are none. */
  static List<RepositoryConfig> allOr(List<String> names, @Nullable Path config)
      throws ConfigException {
    Repositories all = find(config);
    return names.isEmpty() ? all.all() : named(names, all);
  }

  /** Those of these names, each once; all whose auto-sync is yes if there are none. */
  static List<RepositoryConfig> autoSyncedOr(List<String> names, @Nullable Path config)
      throws ConfigException {
    Repositories all = find(config);
    if (!names.isEmpty()) {
      return named(names, all);
    }
    if (all.autoSynced().isEmpty()) {
      throw new ConfigException(
          all.source() + ": no repository with sync-type = squashdelta and auto-sync = yes");
    }
    return all.autoSynced();
  }

  /** The one of that name. */
  static RepositoryConfig one(String name, @Nullable Path config) throws ConfigException {
    return find(config).get(name);
  }

  private static Repositories find(@Nullable Path config) throws ConfigException {
    return Repositories.find(Optional.ofNullable(config), System.getenv());
  }

  private static List<RepositoryConfig> named(List<String> names, Repositories all)
      throws ConfigException {
    List<RepositoryConfig> named = new ArrayList<>();
    for (String name : new LinkedHashSet<>(names)) {
      named.add(all.get(name));
    }
    return named;
  }
}
