package io.strata.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The repositories that are configured. Immutable. */
public final class Repositories {
  /** Strata's own configuration. */
  public static final Path OWN = Path.of("/etc/strata/repos.conf");

  /** Portage's. */
  public static final Path PORTAGE = Path.of("/etc/portage/repos.conf");

  private static final String DEFAULT = "DEFAULT";

  private final Path source;
  private final Map<String, RepositoryConfig> byName;

  private Repositories(Path source, Map<String, RepositoryConfig> byName) {
    this.source = source;
    this.byName = byName;
  }

  /**
   * Reads the configuration from the first of: {@code option}, {@code $STRATA_CONFIG}, {@link
   * #OWN}, {@link #PORTAGE}. The latter two may be missing.
   */
  public static Repositories find(Optional<Path> option, Map<String, String> environment)
      throws ConfigException {
    if (option.isPresent()) {
      return read(option.get());
    }
    String variable = environment.get("STRATA_CONFIG");
    if (variable != null && !variable.isEmpty()) {
      return read(Path.of(variable));
    }
    for (Path candidate : List.of(OWN, PORTAGE)) {
      if (Files.exists(candidate)) {
        return read(candidate);
      }
    }
    throw new ConfigException(
        "no configuration: neither " + OWN + " nor " + PORTAGE + "; write one, or give --config");
  }

  /** Reads a file, or all {@code *.conf} of a directory, by name; later ones override. */
  public static Repositories read(Path source) throws ConfigException {
    Map<String, Map<String, IniEntry>> sections = new LinkedHashMap<>();
    for (Path file : files(source)) {
      IniParser.parse(file, text(file))
          .forEach(
              (name, entries) ->
                  sections.computeIfAbsent(name, _ -> new LinkedHashMap<>()).putAll(entries));
    }
    Map<String, IniEntry> defaults = sections.getOrDefault(DEFAULT, Map.of());
    Map<String, RepositoryConfig> byName = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, IniEntry>> section : sections.entrySet()) {
      if (!section.getKey().equals(DEFAULT)) {
        new RepositorySection(source, section.getKey(), section.getValue(), defaults)
            .read()
            .ifPresent(config -> byName.put(config.name(), config));
      }
    }
    return new Repositories(source, byName);
  }

  /** All of them, in the order of the configuration. */
  public List<RepositoryConfig> all() {
    return List.copyOf(byName.values());
  }

  /** Those whose {@code auto-sync} is yes. */
  public List<RepositoryConfig> autoSynced() {
    return byName.values().stream().filter(RepositoryConfig::autoSync).toList();
  }

  /** The one of that name, if there is one. */
  public Optional<RepositoryConfig> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The one of that name. */
  public RepositoryConfig get(String name) throws ConfigException {
    Optional<RepositoryConfig> found = find(name);
    if (found.isEmpty()) {
      throw new ConfigException(
          name + ": no such repository with sync-type = squashdelta in " + source);
    }
    return found.get();
  }

  /** The file or directory that was read. */
  public Path source() {
    return source;
  }

  private static List<Path> files(Path source) throws ConfigException {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(source, "*.conf")) {
      for (Path entry : entries) {
        if (!String.valueOf(entry.getFileName()).startsWith(".")) {
          files.add(entry);
        }
      }
    } catch (IOException e) {
      throw new ConfigException(source + ": cannot read the directory: " + e.getMessage(), e);
    }
    files.sort(null);
    return files;
  }

  private static String text(Path file) throws ConfigException {
    if (!Files.exists(file)) {
      throw new ConfigException(file + ": there is no such configuration file");
    }
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot read the configuration: " + e.getMessage(), e);
    }
  }
}
