package io.strata.sync;

import io.strata.store.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The programs of a directory, run one after another, by name, when a repository has gone to
 * another snapshot. One that fails changes nothing of that. Immutable.
 *
 * <p>What runs: regular files that may be executed and whose names begin with a letter or a digit
 * and end in neither {@code ~} nor {@code .bak}; links to such are followed. Their working
 * directory is {@code /}, stdin is empty, and what they print goes to the listener.
 */
public final class Hooks {
  /** Where they lie unless somebody says otherwise. */
  public static final Path DEFAULT_DIRECTORY = Path.of("/etc/strata/post-switch.d");

  /** How long each may run unless somebody says otherwise. */
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9].*(?<!~|\\.bak)");
  private static final long PATIENCE_MILLIS = 1000;

  private final Path directory;
  private final Duration limit;

  /**
   * The hooks in a directory, which need not exist.
   *
   * @param limit how long each may run
   */
  public Hooks(Path directory, Duration limit) {
    this.directory = directory.toAbsolutePath();
    this.limit = limit;
  }

  /**
   * What the hooks are told, in environment variables.
   *
   * @param cause {@code sync} or {@code rollback} ({@code STRATA_CAUSE})
   * @param old the snapshot that was current before ({@code STRATA_OLD_SNAPSHOT}, empty if none)
   * @param now the one that is current ({@code STRATA_NEW_SNAPSHOT}; {@code STRATA_REPOSITORY})
   * @param image its image, absolute ({@code STRATA_IMAGE})
   */
  public record Event(String cause, Optional<Snapshot> old, Snapshot now, Path image) {
    private Map<String, String> variables() {
      Map<String, String> variables = new HashMap<>();
      variables.put("STRATA_CAUSE", cause);
      variables.put("STRATA_REPOSITORY", now.repository());
      variables.put("STRATA_OLD_SNAPSHOT", old.map(Snapshot::version).orElse(""));
      variables.put("STRATA_NEW_SNAPSHOT", now.version());
      variables.put("STRATA_IMAGE", image.toString());
      return variables;
    }
  }

  /**
   * Runs all of them.
   *
   * @return a line for each that failed or could not be run
   */
  public List<String> run(Event event, SyncListener listener) throws InterruptedException {
    List<String> failures = new ArrayList<>();
    try {
      for (Path hook : hooks()) {
        one(hook, event, listener).ifPresent(why -> failures.add(hook + ": " + why));
      }
    } catch (IOException e) {
      failures.add(directory + ": cannot be listed: " + e.getMessage() + "; no hook was run");
    }
    return failures;
  }

  private List<Path> hooks() throws IOException {
    List<Path> hooks = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Hooks::isHook)) {
      files.forEach(hooks::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    hooks.sort(null);
    return hooks;
  }

  private static boolean isHook(Path file) {
    return NAME.matcher(String.valueOf(file.getFileName())).matches()
        && Files.isRegularFile(file)
        && Files.isExecutable(file);
  }

  private Optional<String> one(Path hook, Event event, SyncListener listener)
      throws InterruptedException {
    try {
      for (Path writable : List.of(directory, hook)) {
        if (othersMayWrite(writable)) {
          return Optional.of("not run: others may write to " + writable + "; chmod go-w it");
        }
      }
      return end(start(hook, event), hook, listener);
    } catch (IOException e) {
      return Optional.of("cannot be run: " + e.getMessage());
    }
  }

  // Who may write to a hook would become whoever syncs, which is root mostly.
  private static boolean othersMayWrite(Path file) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
    UserPrincipal owner = attributes.owner();
    boolean ours =
        owner.getName().equals("root") || owner.getName().equals(System.getProperty("user.name"));
    return !ours
        || attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static Process start(Path hook, Event event) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(hook.toString());
    builder.environment().putAll(event.variables());
    builder.directory(Path.of("/").toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return builder.redirectErrorStream(true).start();
  }

  private Optional<String> end(Process process, Path hook, SyncListener listener)
      throws InterruptedException {
    Thread reader = Thread.ofVirtual().start(() -> pass(process, hook, listener));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("killed: it did not end within " + limit.toSeconds() + " s");
      }
      int code = process.exitValue();
      return code == 0 ? Optional.empty() : Optional.of("it ended with exit code " + code);
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      // What a hook left in the background may keep the pipe open for ever.
      reader.join(PATIENCE_MILLIS);
    }
  }

  private static void pass(Process process, Path hook, SyncListener listener) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        listener.note(hook.getFileName() + ": " + line);
      }
    } catch (IOException e) {
      return; // it was killed
    }
  }
}
