package io.strata.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Serving a directory")
class FileServerTest {
  private static final int SIZE = 300_000;
  private static final String DATE = "Tue, 14 Nov 2023 22:13:20 GMT";

  @TempDir Path directory;
  private Path root;
  private FileServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final byte[] content = new byte[SIZE];

  @BeforeEach
  void start() throws Exception {
    root = Files.createDirectory(directory.resolve("root"));
    new Random(2).nextBytes(content);
    Path file = Files.write(root.resolve("file"), content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
    Files.write(root.resolve("empty"), new byte[0]);
    Files.createDirectory(root.resolve("sub"));
    Files.writeString(root.resolve("sub/a&b <\u00e4>%41.txt"), "odd");
    Files.createDirectories(root.resolve(".blobs/sha256"));
    Files.writeString(root.resolve(".blobs/sha256/secret"), "hidden");
    Files.writeString(directory.resolve("outside"), "outside");
    server = FileServer.start(root, new InetSocketAddress("127.0.0.1", 0), new AccessLog(log::add));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  @DisplayName("gives whole files, with what is needed to ask for less the next time")
  void whole() throws Exception {
    HttpResponse<byte[]> file = get("/file");
    assertEquals(200, file.statusCode());
    assertArrayEquals(content, file.body());
    assertEquals("bytes", field(file, "Accept-Ranges"));
    assertEquals(DATE, field(file, "Last-Modified"));
    assertTrue(field(file, "ETag").matches("\"[^\"]+\""), field(file, "ETag"));
    assertEquals("application/octet-stream", field(file, "Content-Type"));
    HttpResponse<byte[]> empty = get("/empty");
    assertEquals(200, empty.statusCode());
    assertEquals("0", field(empty, "Content-Length"));
    assertEquals(404, get("/nothing").statusCode());
    assertEquals(404, get("/file/").statusCode());
    assertEquals(404, get("/file/x").statusCode());
  }

  @Test
  @DisplayName("answers HEAD as GET, without a body, and no other methods")
  void head() throws Exception {
    HttpRequest.Builder request = request("/file").method("HEAD", noBody());
    HttpResponse<byte[]> head = send(request.header("Range", "bytes=0-4"));
    assertEquals(200, head.statusCode());
    assertEquals("" + SIZE, field(head, "Content-Length"));
    assertEquals(field(get("/file"), "ETag"), field(head, "ETag"));
    assertEquals(0, head.body().length);
    HttpResponse<byte[]> post =
        send(request("/file").POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000))));
    assertEquals(405, post.statusCode());
    assertEquals("GET, HEAD", field(post, "Allow"));
    assertEquals(405, send(request("/new").PUT(noBody())).statusCode());
    assertEquals(405, send(request("/file").DELETE()).statusCode());
    assertArrayEquals(content, Files.readAllBytes(root.resolve("file")));
  }

  @Test
  @DisplayName("gives one range, also from the end, and says where there is none")
  void range() throws Exception {
    assertRange("bytes=0-0", 0, 0);
    assertRange("bytes=10-19", 10, 19);
    assertRange("bytes=299990-", 299_990, 299_999);
    assertRange("bytes=299990-999999999999999999999", 299_990, 299_999);
    assertRange("bytes=-5", 299_995, 299_999);
    assertRange("bytes=-999999999", 0, 299_999);
    assertRange("Bytes= 5-6 ,", 5, 6);
    assertRange("bytes=5-6,300000-", 5, 6);
    for (String none : List.of("bytes=300000-", "bytes=300000-300001", "bytes=-0")) {
      HttpResponse<byte[]> response = send(request("/file").header("Range", none));
      assertEquals(416, response.statusCode(), none);
      assertEquals("bytes */300000", field(response, "Content-Range"));
    }
    for (String whole :
        List.of("bytes=9-5", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=", "5-6")) {
      assertEquals(200, send(request("/file").header("Range", whole)).statusCode(), whole);
    }
    assertEquals(416, send(request("/empty").header("Range", "bytes=0-")).statusCode());
  }

  private void assertRange(String range, int first, int last) throws Exception {
    HttpResponse<byte[]> response = send(request("/file").header("Range", range));
    assertEquals(206, response.statusCode(), range);
    assertEquals("bytes " + first + "-" + last + "/300000", field(response, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(content, first, last + 1), response.body(), range);
  }

  @Test
  @DisplayName("gives several ranges as multipart, and the whole file where they come to more")
  void ranges() throws Exception {
    HttpResponse<byte[]> response =
        send(request("/file").header("Range", "bytes=0-1, 100-102,-1, 400000-"));
    assertEquals(206, response.statusCode());
    String type = field(response, "Content-Type");
    String boundary = type.replaceFirst("multipart/byteranges; boundary=", "");
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int[] span : new int[][] {{0, 1}, {100, 102}, {299_999, 299_999}}) {
      String head =
          "\r\n--%s\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes %d-%d/300000"
              .formatted(boundary, span[0], span[1]);
      expected.writeBytes((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      expected.write(content, span[0], span[1] - span[0] + 1);
    }
    expected.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    assertArrayEquals(expected.toByteArray(), response.body());
    assertEquals(200, send(request("/file").header("Range", "bytes=0-,0-")).statusCode());
    String many = "bytes=" + "0-0,".repeat(65);
    assertEquals(200, send(request("/file").header("Range", many)).statusCode());
  }

  @Test
  @DisplayName("sends a file again, or a part of it, only on the conditions of the client")
  void conditions() throws Exception {
    String tag = field(get("/file"), "ETag");
    String later = "Wed, 15 Nov 2023 22:13:20 GMT";
    String earlier = "Mon, 13 Nov 2023 22:13:20 GMT";
    assertStatus(304, "If-None-Match", tag);
    assertStatus(304, "If-None-Match", "\"x\", W/" + tag);
    assertStatus(304, "If-None-Match", "*");
    assertStatus(200, "If-None-Match", "\"x\"");
    assertStatus(304, "If-Modified-Since", DATE);
    assertStatus(304, "If-Modified-Since", later);
    assertStatus(200, "If-Modified-Since", earlier);
    assertStatus(200, "If-Modified-Since", "yesterday");
    assertStatus(200, "If-Match", tag);
    assertStatus(412, "If-Match", "W/" + tag);
    assertStatus(412, "If-Match", "\"x\"");
    assertStatus(412, "If-Unmodified-Since", earlier);
    assertStatus(200, "If-Unmodified-Since", DATE);
    assertStatus(304, "If-Modified-Since", "Tuesday, 14-Nov-23 22:13:20 GMT");
    assertStatus(304, "If-Modified-Since", "Tue Nov 14 22:13:20 2023");
    assertStatus(200, "If-Modified-Since", "Monday, 13-Nov-23 22:13:20 GMT");
    assertStatus(412, "If-Unmodified-Since", "Mon Nov 13 22:13:20 2023");
    assertStatus(200, "If-None-Match", "\"x\"", "If-Modified-Since", later);
    assertStatus(206, "Range", "bytes=0-4", "If-Range", tag);
    assertStatus(206, "Range", "bytes=0-4", "If-Range", DATE);
    assertStatus(200, "Range", "bytes=0-4", "If-Range", "\"x\"");
    assertStatus(200, "Range", "bytes=0-4", "If-Range", "W/" + tag);
    assertStatus(200, "Range", "bytes=0-4", "If-Range", earlier);
    assertStatus(412, "Range", "bytes=0-4", "If-Match", "\"x\"");
    Files.writeString(root.resolve("file.new"), "x".repeat(SIZE));
    Files.move(
        root.resolve("file.new"),
        root.resolve("file"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertStatus(200, "If-None-Match", tag);
    assertStatus(200, "Range", "bytes=0-4", "If-Range", tag);
  }

  private void assertStatus(int expected, String... fields) throws Exception {
    HttpResponse<byte[]> response = send(request("/file").headers(fields));
    assertEquals(expected, response.statusCode(), String.join(" ", fields));
    if (expected == 304) {
      assertEquals(0, response.body().length);
      assertEquals(DATE, field(response, "Last-Modified"));
    }
  }

  @Test
  @DisplayName("lists directories, with names that lead there whatever is in them")
  void listing() throws Exception {
    String page = new String(get("/").body(), StandardCharsets.UTF_8);
    assertTrue(page.contains("<a href=\"./file\">file</a>"), page);
    assertTrue(page.contains("<a href=\"./sub/\">sub/</a>"), page);
    assertTrue(page.contains(">300000<"), page);
    assertFalse(page.contains("blobs"), page);
    HttpResponse<byte[]> moved = get("/sub");
    assertEquals(301, moved.statusCode());
    assertEquals("/sub/", field(moved, "Location"));
    String sub = new String(get("/sub/").body(), StandardCharsets.UTF_8);
    assertTrue(sub.contains("a&amp;b &lt;\u00e4&gt;%41.txt"), sub);
    String link = sub.replaceFirst("(?s).*href=\"\\./([^\"]+)\".*", "$1");
    assertEquals("odd", new String(get("/sub/" + link).body(), StandardCharsets.UTF_8));
    assertEquals(0, send(request("/").method("HEAD", noBody())).body().length);
  }

  @Test
  @DisplayName("shows nothing outside of the directory, and nothing hidden")
  void traversal() throws Exception {
    Files.createSymbolicLink(root.resolve("out"), directory.resolve("outside"));
    Files.createSymbolicLink(root.resolve("up"), directory);
    Files.createSymbolicLink(root.resolve("hidden"), Path.of(".blobs/sha256/secret"));
    Files.createSymbolicLink(root.resolve("inside"), Path.of("sub"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    for (String path :
        List.of(
            "/../outside",
            "/sub/../../outside",
            "/%2e%2e/outside",
            "/sub/%2e%2e/%2e%2e/outside",
            "/..%2foutside",
            "/.blobs/sha256/secret",
            "/%2eblobs/sha256/secret",
            "/sub/../.blobs/sha256/secret",
            "/out",
            "/up/outside",
            "/hidden",
            "/loop",
            "/file%00",
            "/%ff",
            "/%zz",
            "/file%2")) {
      String status = raw(path);
      assertTrue(status.matches("HTTP/1.1 (404|400) .*"), path + ": " + status);
    }
    assertEquals("HTTP/1.1 200 OK", raw("/inside/"));
    assertEquals("HTTP/1.1 200 OK", raw("/file?query=1"));
    Files.writeString(root.resolve("sub/deep"), "deep");
    assertEquals("HTTP/1.1 200 OK", raw("//sub/deep"));
    assertEquals("HTTP/1.1 404 Not Found", raw("//sub/file"));
    String page = new String(get("/").body(), StandardCharsets.UTF_8);
    assertFalse(page.contains("\"./out\"") || page.contains("\"./up/\""), page);
  }

  @Test
  @DisplayName("wants one Host, as HTTP/1.1 does, and knows no time that has not come")
  void rules() throws Exception {
    assertEquals("HTTP/1.1 400 Bad Request", raw("/file", "1.1", ""));
    assertEquals("HTTP/1.1 400 Bad Request", raw("/file", "1.1", "Host: x\r\nHost: y\r\n"));
    assertEquals("HTTP/1.1 200 OK", raw("/file", "1.0", ""));
    Instant soon = Instant.now().plusSeconds(3600);
    Files.setLastModifiedTime(root.resolve("file"), FileTime.from(soon));
    HttpResponse<byte[]> file = get("/file");
    Instant said = HttpDate.read(field(file, "Last-Modified"), soon).orElseThrow();
    assertTrue(said.isBefore(soon.minusSeconds(1800)), said.toString());
    String date = HttpDate.of(soon);
    assertStatus(200, "Range", "bytes=0-4", "If-Range", date); // it may still change within it
  }

  /** The status line of a request whose path no library tidies up. */
  private String raw(String path) throws Exception {
    return raw(path, "1.1", "Host: x\r\n");
  }

  private String raw(String path, String version, String fields) throws Exception {
    URI uri = server.uri();
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      String request =
          "GET " + path + " HTTP/" + version + "\r\n" + fields + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      String text = new String(answer, StandardCharsets.ISO_8859_1);
      assertFalse(text.contains("\r\n\r\noutside") || text.contains("\r\n\r\nhidden"), path);
      return text.lines().findFirst().orElse("");
    }
  }

  @Test
  @DisplayName("logs each request on a line of its own, whatever the client says")
  void accessLog() throws Exception {
    send(request("/file").header("User-Agent", "a \"quoted\" one").header("Referer", "http://x/"));
    send(request("/nothing"));
    Instant end = Instant.now().plusSeconds(10);
    while (log.size() < 2 && Instant.now().isBefore(end)) {
      Thread.onSpinWait(); // the line comes after the answer
    }
    assertTrue(
        log.getFirst()
            .matches(
                "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}\\] "
                    + "\"GET /file HTTP/1.1\" 200 300000 \"http://x/\" "
                    + "\"a \\\\x22quoted\\\\x22 one\""),
        log.getFirst());
    assertTrue(log.get(1).contains("\"GET /nothing HTTP/1.1\" 404 "), log.get(1));
  }

  @Test
  @DisplayName("serves many clients at a time, and slow ones do not keep others waiting")
  void many() throws Exception {
    try (var large = new java.io.RandomAccessFile(root.resolve("large").toFile(), "rw")) {
      large.setLength(64 << 20); // more than any socket holds
    }
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
      byte[] request = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(request);
      slow.add(socket); // reads nothing
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<byte[]> one = () -> get("/file").body();
      for (Future<byte[]> answer : threads.invokeAll(java.util.Collections.nCopies(100, one))) {
        assertArrayEquals(content, answer.get());
      }
    }
    for (Socket socket : slow) {
      socket.close();
    }
  }

  @Test
  @DisplayName("never sends one file under the tag of another")
  void replaced() throws Exception {
    Path file = root.resolve("file");
    Resource before = Resource.of(file);
    before.open().close();
    Files.delete(file);
    Files.write(file, new byte[SIZE]);
    assertThrows(IOException.class, before::open);
    Files.delete(file);
    Files.createSymbolicLink(file, directory.resolve("outside"));
    assertThrows(IOException.class, before::open);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path));
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  private static String field(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
