package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
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
  private static final int SLICES = 20;

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
    try (Question question = begin(request)) {
      return question.reply(timeout);
    }
  }

  /** Begins to ask; this does not wait, so many servers can be asked at once. */
  Question begin(KeyedLines request) throws MountException {
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      return new Question(channel, inBackground(() -> exchange(channel, request)));
    } catch (IOException e) {
      throw silent(e);
    }
  }

  /** A question under way. */
  final class Question implements AutoCloseable {
    private final SocketChannel channel;
    private final CompletableFuture<KeyedLines> reply;

    private Question(SocketChannel channel, CompletableFuture<KeyedLines> reply) {
      this.channel = channel;
      this.reply = reply;
    }

    /**
     * The answer.
     *
     * @throws MountException as {@link #ask}
     */
    KeyedLines reply(Duration timeout) throws MountException, InterruptedException {
      try {
        return checked(within(timeout, reply));
      } catch (ExecutionException | TimeoutException e) {
        throw silent(e);
      }
    }

    @Override
    public void close() {
      ControlClient.close(channel);
    }
  }

  private MountException silent(Exception e) {
    return new MountException(
        Kind.MOUNT, socket + ": the server of the mount does not answer: " + words(e), e);
  }

  private static String words(Exception e) {
    return switch (e) {
      case TimeoutException _ -> "nothing came in time";
      case ExecutionException failed when failed.getCause() != null ->
          String.valueOf(failed.getCause().getMessage());
      default -> String.valueOf(e.getMessage());
    };
  }

  // In slices: if this process was itself stopped meanwhile, only one of them is lost by that.
  private static <T> T within(Duration timeout, CompletableFuture<T> result)
      throws ExecutionException, TimeoutException, InterruptedException {
    for (int i = 1; i < SLICES; i++) {
      try {
        return result.get(timeout.toMillis() / SLICES, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue; // the last one may throw it
      }
    }
    return result.get(timeout.toMillis() / SLICES, TimeUnit.MILLISECONDS);
  }

  // A server that is stopped takes connections until its queue is full, and then connecting waits.
  private KeyedLines exchange(SocketChannel channel, KeyedLines request) throws IOException {
    channel.connect(UnixDomainSocketAddress.of(socket));
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

  /**
   * Connects for the server's end to be heard.
   *
   * @throws IOException if nobody listens
   * @throws TimeoutException if the server does not answer in time
   */
  Stay stay(Duration timeout) throws IOException, TimeoutException, InterruptedException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      KeyedLines request = new KeyedLines().put("verb", "stay");
      within(timeout, inBackground(() -> exchange(channel, request)));
      return new Connected(channel);
    } catch (ExecutionException e) {
      close(channel);
      throw new IOException(words(e), e);
    } catch (TimeoutException | InterruptedException e) {
      close(channel);
      throw e;
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      return; // nothing more is wanted of it
    }
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
        return within(timeout, end);
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        return true; // reset: the other side is gone all the same
      }
    }

    @Override
    public void close() {
      ControlClient.close(channel);
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
