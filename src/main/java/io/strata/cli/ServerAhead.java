package io.strata.cli;

import io.strata.mount.MountException;
import io.strata.mount.ServerStarter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server of a mount, started before the command line is understood: its JVM comes up meanwhile,
 * on another processor. If it turns out that none is wanted, it ends without having done anything.
 *
 * <p>Used by one thread.
 */
final class ServerAhead implements AutoCloseable {
  private @Nullable ServerStarter started;

  private ServerAhead(@Nullable ServerStarter started) {
    this.started = started;
  }

  /** One that starts when it is asked for. */
  static ServerAhead none() {
    return new ServerAhead(null);
  }

  /** One that starts now, if these arguments look like those of a mount in the background. */
  static ServerAhead of(List<String> arguments) {
    try {
      return new ServerAhead(isLikely(arguments) ? ServerStarter.launch() : null);
    } catch (MountException e) {
      return none(); // it will fail again when it is asked for, and then be told
    }
  }

  private static boolean isLikely(List<String> arguments) {
    return arguments.size() > 1
        && arguments.getFirst().equals("mount")
        && !arguments.contains("--foreground")
        && !arguments.contains("--help");
  }

  /** The server, for the caller to close. */
  ServerStarter take() throws MountException {
    ServerStarter ahead = started;
    started = null;
    return ahead == null ? ServerStarter.launch() : ahead;
  }

  /** Ends the server if nobody took it. */
  @Override
  public void close() {
    if (started != null) {
      started.close();
    }
  }
}
