package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Answers on the control socket: a request of {@link KeyedLines} that a NUL ends, then the reply,
 * {@code ok} or {@code error KIND} with {@code message} first, then the end.
 *
 * <ul>
 *   <li>{@code verb ping}: nothing more
 *   <li>{@code verb statistics}: what is in {@link Counts}
 *   <li>{@code verb switch}, {@code image PATH}, {@code snapshot VERSION}
 *   <li>{@code verb stay}: the connection stays until the server has ended
 * </ul>
 *
 * <p>Each connection has a thread; there are few. The socket is in a directory that only its user
 * may enter.
 */
final class ControlServer {
  private final MountServer server;
  private final Log log;
  private final ServerSocketChannel listener;

  private ControlServer(MountServer server, Log log, ServerSocketChannel listener) {
    this.server = server;
    this.log = log;
    this.listener = listener;
  }

  /** Listens; answers from the moment of {@link #serve}. */
  static ControlServer listen(Path socket, MountServer server, Log log) throws MountException {
    try {
      Directories.makePrivate(Directories.parentOf(socket));
      Files.deleteIfExists(socket); // left by a process that had this pid before
      ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return new ControlServer(server, log, listener);
    } catch (IOException e) {
      throw new MountException(
          Kind.FILE, socket + ": cannot make the control socket: " + e.getMessage(), e);
    }
  }

  /** Begins to answer, on threads that do not keep the process from ending. */
  void serve() {
    startThread("control", this::acceptAll);
  }

  /** Takes no more connections; those that stay, stay. */
  void close() {
    try {
      listener.close();
    } catch (IOException e) {
      log.line("control socket: " + e.getMessage());
    }
  }

  private static void startThread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    try {
      while (true) {
        SocketChannel connection = listener.accept();
        startThread("control-connection", () -> answer(connection));
      }
    } catch (java.nio.channels.ClosedChannelException e) {
      return; // the end
    } catch (IOException e) {
      log.line("control socket: " + e.getMessage());
    }
  }

  private void answer(SocketChannel connection) {
    try (connection) {
      ControlLines lines = new ControlLines(connection);
      KeyedLines request = lines.read();
      String verb = request.get("verb").orElse("");
      lines.write(reply(verb, request));
      if (verb.equals("stay")) {
        lines.awaitEnd();
      }
    } catch (IOException e) {
      log.line("control connection: " + e.getMessage());
    }
  }

  private KeyedLines reply(String verb, KeyedLines request) {
    try {
      KeyedLines ok = new KeyedLines().put("ok", "");
      switch (verb) {
        case "ping", "stay" -> {}
        case "statistics" ->
            server.counts().forEach((name, number) -> ok.put(name, number.toString()));
        case "switch" ->
            server.switchTo(
                Path.of(MountPlan.need(request, "image")), MountPlan.need(request, "snapshot"));
        default -> throw new MountException(Kind.USAGE, "'" + verb + "': unknown request");
      }
      return ok;
    } catch (MountException e) {
      return error(e.kind(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.line("internal fault: " + e);
      return error(Kind.INTERNAL, "internal fault: " + e);
    }
  }

  private static KeyedLines error(Kind kind, String message) {
    return new KeyedLines().put("error", kind.name()).put("message", message);
  }
}
