package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts the server of a mount in the background: its JVM comes up while this process still checks,
 * and gets the plan when all is well. {@link #close} ends a server that got none.
 *
 * <p>Used by one thread.
 */
public final class ServerStarter implements AutoCloseable {
  private final ServerProcess process;

  private ServerStarter(ServerProcess process) {
    this.process = process;
  }

  /** Starts the process. It has this one's error stream until the mount is ready. */
  public static ServerStarter launch() throws MountException {
    try {
      return new ServerStarter(ServerProcess.launch(Posix.system(), ServerCommand.ofThisJvm()));
    } catch (IOException | ErrnoException e) {
      throw new MountException(
          Kind.MOUNT, "cannot start the server of the mount: " + e.getMessage(), e);
    }
  }

  /**
   * Checks the plan, hands it to the server and waits until the mount answers.
   *
   * @return what was done besides, for the user to know
   * @throws MountException and nothing is left mounted or running
   */
  public List<String> mount(MountPlan plan, Registry registry)
      throws MountException, InterruptedException {
    MadeDirectories made = new MadeDirectories();
    try {
      List<String> notes = check(plan, registry, made);
      handOver(plan);
      KeyedLines reply = KeyedLines.parse(read());
      if (reply.get("ready").isEmpty()) {
        throw failure(reply);
      }
      return notes;
    } catch (MountException | InterruptedException e) {
      made.removeAll();
      throw e;
    }
  }

  static List<String> check(MountPlan plan, Registry registry, MadeDirectories made)
      throws MountException, InterruptedException {
    MountTable table = readTable();
    registry.sweep(table);
    return new Preflight(registry, table, made).check(plan);
  }

  private static MountTable readTable() throws MountException {
    try {
      return MountTable.read();
    } catch (IOException e) {
      throw new MountException(
          Kind.MOUNT, MountTable.FILE + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void handOver(MountPlan plan) throws MountException {
    KeyedLines lines = new KeyedLines();
    plan.write(lines);
    try {
      process.send(lines.toString().getBytes(StandardCharsets.UTF_8));
    } catch (ErrnoException e) {
      throw new MountException(Kind.INTERNAL, died(null), e);
    }
  }

  // Up to its end, which comes right after: the server then has no stream of ours any more.
  private String read() throws MountException {
    try {
      return new String(process.receive(), StandardCharsets.UTF_8);
    } catch (ErrnoException e) {
      throw new MountException(Kind.INTERNAL, died(e.getMessage()), e);
    }
  }

  private MountException failure(KeyedLines reply) {
    if (reply.get("error").isPresent()) {
      Kind kind = ControlClient.kind(reply.get("error").get());
      return new MountException(kind, reply.get("message").orElse("no reason given"));
    }
    return new MountException(Kind.INTERNAL, died(null));
  }

  private String died(@Nullable String reason) {
    String code;
    try {
      code = ", exit code " + process.awaitEnd();
    } catch (ErrnoException e) {
      code = ""; // it is not known
    }
    return "the server of the mount ended before it was ready"
        + code
        + (reason == null ? "" : ": " + reason);
  }

  /** Ends the server if it got no plan: its input ends, and so it does. */
  @Override
  public void close() {
    process.hangUp();
  }

  /** The path as the mount table has it, or will, without touching what is mounted there. */
  public static Path mountPoint(Path named) {
    Path absolute = named.toAbsolutePath().normalize();
    try {
      Optional<MountPoint> mounted = MountTable.read().find(named);
      return mounted.isPresent() ? Path.of(mounted.get().path()) : unmounted(absolute);
    } catch (IOException e) {
      return absolute;
    }
  }

  private static Path unmounted(Path absolute) throws IOException {
    Path parent = Directories.parentOf(absolute).toRealPath();
    Path name = absolute.getFileName();
    Path path = name == null ? parent : parent.resolve(name);
    return Files.isSymbolicLink(path) ? path.toRealPath() : path;
  }
}
