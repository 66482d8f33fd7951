package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a server over its control socket. Thread-safe. */
final class ControlClient {
  private final Path socket;

  ControlClient(RegistryEntry entry) {
    this.socket = entry.socket();
  }

  /** A connection that ends when the server's process does. */
  interface Stay extends AutoCloseable {
    /** Waits for the server's end; false if that did not come in time. */
    boolean awaitEnd(Duration timeout) throws InterruptedException;

    @Override
    void close();
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param timeout after which the server counts as one that does not answer
   * @throws MountException of kind MOUNT if it does not; else what the server says
   */
  KeyedLines ask(KeyedLines request, Duration timeout) throws MountException, InterruptedException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      CompletableFuture<KeyedLines> reply = inBackground(() -> exchange(channel, request));
      return checked(reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new MountException(
          Kind.MOUNT, socket + ": the server of the mount does not answer: " + words(e), e);
    }
  }

  private static String words(Exception e) {
    return switch (e) {
      case TimeoutException _ -> "nothing came in time";
      case ExecutionException failed when failed.getCause() != null ->
          String.valueOf(failed.getCause().getMessage());
      default -> String.valueOf(e.getMessage());
    };
  }

  private static KeyedLines exchange(SocketChannel channel, KeyedLines request) throws IOException {
    ControlLines lines = new ControlLines(channel);
    lines.write(request);
    return lines.read();
  }

  private static KeyedLines checked(KeyedLines reply) throws MountException {
    if (reply.get("error").isPresent()) {
      Kind kind = kind(reply.get("error").get());
      throw new MountException(kind, reply.get("message").orElse("no reason given"));
    }
    return reply;
  }

  static Kind kind(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.name().equals(name)) {
        return kind;
      }
    }
    return Kind.INTERNAL;
  }

  /** Connects for the server's end to be heard. */
  Stay stay() throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    try {
      exchange(channel, new KeyedLines().put("verb", "stay"));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new Connected(channel);
  }

  private record Connected(SocketChannel channel) implements Stay {
    @Override
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
      try {
        CompletableFuture<Boolean> end =
            inBackground(
                () -> {
                  new ControlLines(channel).awaitEnd();
                  return true;
                });
        return end.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        return true; // reset: the other side is gone all the same
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        return; // nothing more is wanted of it
      }
    }
  }

  private interface Task<T> {
    T run() throws IOException;
  }

  // Closing the channel ends the thread where the answer comes too late.
  private static <T> CompletableFuture<T> inBackground(Task<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(task.run());
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            },
            "control-client");
    thread.setDaemon(true);
    thread.start();
    return result;
  }
}
