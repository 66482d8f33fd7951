package io.strata.sync;

import io.strata.store.Snapshot;
import io.strata.trust.Verification;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one section of {@code repos.conf}. */
final class RepositorySection {
  private static final String OUR_PREFIX = "sync-squashdelta-";
  private static final Set<String> OUR_KEYS =
      Set.of(
          "sync-squashdelta-cache",
          "sync-squashdelta-upper",
          "sync-squashdelta-max-age",
          "sync-squashdelta-keep",
          "sync-squashdelta-max-size");
  private static final Pattern REFERENCE = Pattern.compile("%(?:(%)|\\(([^)]*)\\)s)");
  private static final Pattern AGE =
      Pattern.compile("([0-9]{1,6})(?:\\s*(?:d|days?|(h|hours?)))?", Pattern.CASE_INSENSITIVE);
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMGT]?)i?B?");
  private static final String UNITS = "KMGT";
  private static final Pattern KEEP = Pattern.compile("[1-9][0-9]{0,3}");
  private static final int MAX_DEPTH = 10;

  /** What Portage defines where there is no prefix and no other root. */
  private static final Map<String, String> PORTAGE_DEFAULTS =
      Map.of("eprefix", "", "eroot", "/", "root", "/", "portage_configroot", "/");

  private final Path source;
  private final String name;
  private final Map<String, IniEntry> entries;

  RepositorySection(
      Path source, String name, Map<String, IniEntry> own, Map<String, IniEntry> defaults) {
    this.source = source;
    this.name = name;
    this.entries = new HashMap<>(defaults);
    this.entries.putAll(own);
  }

  /** The repository, or nothing if its {@code sync-type} is another. */
  Optional<RepositoryConfig> read() throws ConfigException {
    if (!value("sync-type").equals(Optional.of("squashdelta"))) {
      return Optional.empty();
    }
    checkName();
    checkKeys();
    return Optional.of(
        new RepositoryConfig(
            name,
            path("location"),
            uris(),
            yes("auto-sync"),
            verification(),
            path("sync-openpgp-key-path"),
            path("sync-squashdelta-cache").orElse(RepositoryConfig.DEFAULT_CACHE),
            path("sync-squashdelta-upper"),
            maxAge(),
            keep(),
            maxSize()));
  }

  private void checkName() throws ConfigException {
    if (!Snapshot.isRepositoryName(name)) {
      throw new ConfigException(source + ": [" + name + "] is not a repository's name");
    }
  }

  private void checkKeys() throws ConfigException {
    for (IniEntry entry : entries.values()) {
      if (entry.key().startsWith(OUR_PREFIX) && !OUR_KEYS.contains(entry.key())) {
        throw new ConfigException(entry.place() + ": unknown key " + entry.key());
      }
    }
  }

  private List<URI> uris() throws ConfigException {
    String text =
        value("sync-uri")
            .filter(v -> !v.isBlank())
            .orElseThrow(() -> new ConfigException(source + ": [" + name + "] has no sync-uri"));
    List<URI> uris = new ArrayList<>();
    for (String word : text.strip().split("\\s+", -1)) {
      uris.add(uri(word));
    }
    return uris;
  }

  private URI uri(String word) throws ConfigException {
    String fault = "not an http:, https: or file: address: " + UserInfo.without(word);
    try {
      URI uri = new URI(word.endsWith("/") ? word : word + "/");
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean usable =
          switch (scheme) {
            case "http", "https" ->
                uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getPort() <= Passwords.MAX_PORT;
            case "file" -> isLocal(uri) && String.valueOf(uri.getRawPath()).startsWith("/");
            default -> false;
          };
      if (!usable || uri.getRawFragment() != null) {
        throw wrong("sync-uri", fault);
      }
      return uri;
    } catch (URISyntaxException e) {
      throw wrong("sync-uri", fault);
    }
  }

  // file://HOST/ would be another machine's.
  private static boolean isLocal(URI uri) {
    String host = uri.getRawAuthority();
    return host == null || host.equalsIgnoreCase("localhost");
  }

  private Verification verification() throws ConfigException {
    String text = value("openpgp-verify").orElse("yes");
    return Verification.of(text)
        .orElseThrow(() -> wrong("openpgp-verify", "neither no, yes nor required: " + text));
  }

  private Optional<Duration> maxAge() throws ConfigException {
    String key = "sync-squashdelta-max-age";
    Optional<String> text = value(key).map(String::strip).filter(v -> !v.isEmpty());
    if (text.isEmpty()) {
      return Optional.of(RepositoryConfig.DEFAULT_MAX_AGE);
    }
    Matcher matcher = AGE.matcher(text.get());
    if (!matcher.matches()) {
      throw wrong(key, "not a number of days, nor one of hours as in 36h: " + text.get());
    }
    int count = Integer.parseInt(matcher.group(1));
    Duration age = matcher.group(2) == null ? Duration.ofDays(count) : Duration.ofHours(count);
    return Optional.of(age).filter(Duration::isPositive);
  }

  private int keep() throws ConfigException {
    String key = "sync-squashdelta-keep";
    Optional<String> text = value(key).map(String::strip).filter(v -> !v.isEmpty());
    if (text.isPresent() && !KEEP.matcher(text.get()).matches()) {
      throw wrong(key, "not a number of snapshots, 1 or more: " + text.get());
    }
    return text.map(Integer::parseInt).orElse(RepositoryConfig.DEFAULT_KEEP);
  }

  private OptionalLong maxSize() throws ConfigException {
    String key = "sync-squashdelta-max-size";
    Optional<String> text = value(key).map(String::strip).filter(v -> !v.isEmpty());
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    Matcher matcher = SIZE.matcher(text.get());
    if (!matcher.matches()) {
      throw wrong(key, "not a size, such as 500M or 4G: " + text.get());
    }
    int unit = matcher.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(matcher.group(2));
    return OptionalLong.of(Long.parseLong(matcher.group(1)) << (10 * unit));
  }

  private boolean yes(String key) throws ConfigException {
    String text = value(key).orElse("yes");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes", "true", "on", "1" -> true;
      case "no", "false", "off", "0" -> false;
      default -> throw wrong(key, "neither yes nor no: " + text);
    };
  }

  private Optional<Path> path(String key) throws ConfigException {
    Optional<String> text = value(key).filter(v -> !v.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(text.get());
      if (!path.isAbsolute()) {
        throw wrong(key, "not an absolute path: " + text.get());
      }
      return Optional.of(path.normalize());
    } catch (InvalidPathException e) {
      throw wrong(key, "not a path: " + text.get());
    }
  }

  private Optional<String> value(String key) throws ConfigException {
    IniEntry entry = entries.get(key);
    return entry == null ? Optional.empty() : Optional.of(expand(entry, entry.value(), 0));
  }

  // configparser's BasicInterpolation; but a lone %, as in an address, stays what it is.
  private String expand(IniEntry entry, String text, int depth) throws ConfigException {
    if (depth > MAX_DEPTH) {
      throw new ConfigException(entry.place() + ": %(...)s refers to itself");
    }
    StringBuilder expanded = new StringBuilder();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      String with = matcher.group(1) != null ? "%" : reference(entry, matcher.group(2), depth);
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(with));
    }
    return matcher.appendTail(expanded).toString();
  }

  private String reference(IniEntry from, String key, int depth) throws ConfigException {
    String wanted = key.toLowerCase(Locale.ROOT);
    IniEntry entry = entries.get(wanted);
    if (entry != null) {
      return expand(entry, entry.value(), depth + 1);
    }
    String value = PORTAGE_DEFAULTS.get(wanted);
    if (value == null) {
      throw new ConfigException(from.place() + ": there is no " + key + " for %(" + key + ")s");
    }
    return value;
  }

  private ConfigException wrong(String key, String what) {
    IniEntry entry = entries.get(key);
    return new ConfigException((entry == null ? source : entry.place()) + ": " + key + ": " + what);
  }
}
