package io.strata.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Serves a directory until it is closed. */
public final class FileServer implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /** How long answers that are under way may take when it ends. */
  private static final int SECONDS_TO_END = 1;

  /** Each takes two file descriptors, and a process often has 1,024. */
  private static final String MAX_CONNECTIONS = "400";

  private final HttpServer server;
  private final ExecutorService threads;

  private FileServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to serve.
   *
   * @param directory that is served, with what is below it
   * @param address to listen on; port 0 is any that is free
   * @param log of what is asked
   * @throws java.net.BindException if the address can't be listened on
   * @throws IOException if the directory is not there
   */
  public static FileServer start(Path directory, InetSocketAddress address, AccessLog log)
      throws IOException {
    Place place = Place.of(directory);
    // An answer's head and body are two writes: Nagle's algorithm would hold the second one back.
    setIfUnset("sun.net.httpserver.nodelay", "true");
    setIfUnset("sun.net.httpserver.maxReqTime", "60"); // seconds for a request to come
    setIfUnset("sun.net.httpserver.maxRspTime", "43200"); // and for an answer to go: 12 hours
    setIfUnset("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    HttpServer server = HttpServer.create(address, BACKLOG);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(place, log, exchange));
    server.start();
    return new FileServer(server, threads);
  }

  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static void answer(Place place, AccessLog log, HttpExchange exchange) {
    Answer answer = new Answer(place, exchange, Clock.systemDefaultZone());
    try (exchange) {
      answer.send();
    } catch (IOException e) {
      answer.broken(); // the client went away, or the file did
    } finally {
      log.add(answer.entry());
    }
  }

  /** The address that it listens on, as a client writes it. */
  public URI uri() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + literal + ":" + address.getPort() + "/");
  }

  @Override
  public void close() {
    server.stop(SECONDS_TO_END);
    threads.shutdown();
    try { // an answer may have gone out and not be in the log yet
      threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }
}
