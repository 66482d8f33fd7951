package io.strata.sync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A mirror over a real web server that can be told to misbehave, file by file. */
final class TestMirror implements AutoCloseable {

  /** How the server treats a file. */
  enum Fault {
    /** Says the full length, sends half and closes. */
    TRUNCATE,
    /** Sends half and then nothing. */
    STALL,
    /** Flips a bit in the middle. */
    CORRUPT,
    /** HTTP 500. */
    ERROR,
    /** No length, and one byte too many. */
    CHUNKED_LONGER,
    /** No length, and no end. */
    ENDLESS,
    /** No length, as it is. */
    CHUNKED,
    /** Answers HEAD with 405. */
    NO_HEAD,
    /** HTTP 302 to the same file under /moved/. */
    REDIRECT
  }

  private static final Set<Fault> NO_LENGTH =
      EnumSet.of(Fault.CHUNKED, Fault.CHUNKED_LONGER, Fault.ENDLESS);

  private final Path directory;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, Path> replaced = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  TestMirror(Path directory) throws IOException {
    this.directory = directory;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  TestMirror with(String file, Fault fault) {
    faults.put(file, fault);
    return this;
  }

  /** Serves another file under that name. */
  TestMirror with(String file, Path other) {
    replaced.put(file, other);
    return this;
  }

  /** What was asked for so far, as {@code GET name}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().replaceFirst("^/(moved/)?", "");
      requests.add(exchange.getRequestMethod() + " " + name);
      Path file = replaced.getOrDefault(name, directory.resolve(name));
      if (!Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        head(exchange, name, file);
      } else {
        get(exchange, name, Files.readAllBytes(file));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void head(HttpExchange exchange, String name, Path file) throws IOException {
    if (faults.get(name) == Fault.NO_HEAD) {
      exchange.sendResponseHeaders(405, -1);
    } else {
      exchange.getResponseHeaders().set("Content-Length", Long.toString(Files.size(file)));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void get(HttpExchange exchange, String name, byte[] content)
      throws IOException, InterruptedException {
    Fault fault = faults.get(name);
    boolean moved = exchange.getRequestURI().getPath().startsWith("/moved/");
    if (fault == Fault.ERROR) {
      exchange.sendResponseHeaders(500, -1);
    } else if (fault == Fault.REDIRECT && !moved) {
      exchange.getResponseHeaders().set("Location", "/moved/" + name);
      exchange.sendResponseHeaders(302, -1);
    } else {
      boolean chunked = fault != null && NO_LENGTH.contains(fault);
      exchange.sendResponseHeaders(200, chunked ? 0 : content.length);
      send(exchange.getResponseBody(), fault, content);
    }
  }

  private void send(
      OutputStream out, @org.jspecify.annotations.Nullable Fault fault, byte[] content)
      throws IOException, InterruptedException {
    if (fault == Fault.CORRUPT) {
      content[content.length / 2] ^= 4;
    }
    if (fault == Fault.TRUNCATE || fault == Fault.STALL) {
      out.write(content, 0, content.length / 2);
      out.flush();
      if (fault == Fault.STALL) {
        end.await();
      }
      throw new IOException("as told");
    }
    do {
      out.write(content);
    } while (fault == Fault.ENDLESS);
    if (fault == Fault.CHUNKED_LONGER) {
      out.write(0);
    }
    out.close();
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
