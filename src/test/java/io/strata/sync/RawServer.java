package io.strata.sync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on a bare socket, so that it can say anything. It serves a directory, ranges
 * included, as a good server does, except for the files that it has other orders for.
 */
final class RawServer implements AutoCloseable {
  static final String DATE = "Sat, 01 Aug 2026 10:00:00 GMT";

  /** What is asked for; header names in lower case. */
  record Request(String method, String target, Map<String, String> fields) {
    String file() {
      return URI.create(target).getPath().replaceFirst("^/", "");
    }

    Optional<String> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    boolean isHead() {
      return method.equals("HEAD");
    }

    Optional<Range> range() {
      return field("range").map(Range::of);
    }
  }

  /** Which bytes of a file are asked for, both ends included. */
  record Range(int from, int to) {
    private static Range of(String field) {
      String[] ends = field.substring("bytes=".length()).split("-", -1);
      int to = ends[1].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(ends[1]);
      return new Range(Integer.parseInt(ends[0]), to);
    }

    int length() {
      return to + 1 - from;
    }
  }

  /** Answers a request; what it throws ends the connection. */
  interface Orders {
    void answer(Request request, OutputStream out) throws Exception;
  }

  private final Path directory;
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Orders> orders = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  RawServer(Path directory) throws IOException {
    this.directory = directory;
    threads.execute(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
  }

  RawServer on(String file, Orders what) {
    orders.put(file, what);
    return this;
  }

  /** All requests of a file so far but HEAD, as {@code RANGE} or {@code whole}. */
  List<String> gets(String file) {
    return requests.stream()
        .filter(r -> r.file().equals(file) && !r.isHead())
        .map(r -> r.field("range").orElse("whole"))
        .toList();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Waits until the server is closed. */
  void stall() throws InterruptedException {
    end.await();
  }

  /** Serves a file of the directory as a good server does. */
  void serve(Request request, OutputStream out) throws IOException {
    serve(request, out, "\"v1\"", DATE);
  }

  void serve(Request request, OutputStream out, String tag, String date) throws IOException {
    Path file = directory.resolve(request.file());
    if (!Files.isRegularFile(file)) {
      head(out, "404 Not Found", "Content-Length: 0");
      return;
    }
    byte[] content = Files.readAllBytes(file);
    String about = "ETag: " + tag + "\r\nLast-Modified: " + date + "\r\nAccept-Ranges: bytes";
    Optional<Range> range = request.range();
    boolean same = request.field("if-range").map(v -> v.equals(tag) || v.equals(date)).orElse(true);
    if (range.isPresent() && same) {
      int to = Math.min(range.get().to(), content.length - 1);
      part(out, content, range.get().from(), to, about);
    } else {
      head(out, "200 OK", "Content-Length: " + content.length, about);
      if (!request.isHead()) {
        out.write(content);
      }
    }
  }

  static void part(OutputStream out, byte[] content, int from, int to, String... more)
      throws IOException {
    String range = "Content-Range: bytes " + from + "-" + to + "/" + content.length;
    head(out, "206 Partial Content", "Content-Length: " + (to + 1 - from), range);
    out.write(content, from, to + 1 - from);
  }

  /** A status line and fields; the body may follow, and the connection ends with it. */
  static void head(OutputStream out, String status, String... fields) throws IOException {
    String text = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", fields);
    out.write((text + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> handle(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void handle(Socket client) {
    try (client) {
      Request request = read(client);
      requests.add(request);
      OutputStream out = client.getOutputStream();
      orders.getOrDefault(request.file(), this::serve).answer(request, out);
      out.flush();
      client.shutdownOutput();
    } catch (Exception e) {
      return; // as told, or the client went
    }
  }

  private static Request read(Socket client) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = in.readLine();
    if (line == null) {
      throw new IOException("nothing was asked");
    }
    String[] words = line.split(" ", -1);
    Map<String, String> fields = new TreeMap<>();
    for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
      int colon = field.indexOf(':');
      fields.put(
          field.substring(0, colon).toLowerCase(Locale.ROOT), field.substring(colon + 1).strip());
    }
    return new Request(words[0], words[1], fields);
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    socket.close();
    threads.shutdownNow();
  }
}
