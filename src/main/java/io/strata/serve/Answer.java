package io.strata.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.strata.serve.ByteRanges.Span;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** The answer to one request. For one thread. */
final class Answer {
  private static final int NO_BODY = -1;
  private static final int OK = 200;
  private static final int MOVED = 301;
  private static final int NOT_MODIFIED = 304;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int PRECONDITION_FAILED = 412;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int UNAVAILABLE = 503;

  /** What web servers log for a client that did not wait for the end. */
  private static final int CLIENT_CLOSED = 499;

  private final Place place;
  private final HttpExchange exchange;
  private final Headers fields;
  private final ZonedDateTime time;
  private final boolean head;
  private final CountedOutput out = new CountedOutput();
  private int status;

  Answer(Place place, HttpExchange exchange, Clock clock) {
    this.place = place;
    this.exchange = exchange;
    this.fields = exchange.getResponseHeaders();
    this.time = ZonedDateTime.now(clock);
    this.head = exchange.getRequestMethod().equals("HEAD");
  }

  /**
   * Sends it.
   *
   * @throws IOException if the client, or the file, is gone in the middle of it
   */
  void send() throws IOException {
    fields.set("Server", "strata");
    if (!namesHost()) {
      text(BAD_REQUEST, "A request names one host.");
      return;
    }
    if (!head && !exchange.getRequestMethod().equals("GET")) {
      fields.set("Allow", "GET, HEAD");
      text(METHOD_NOT_ALLOWED, "Only GET and HEAD are served here.");
      return;
    }
    String path = path();
    if (!path.startsWith("/")) {
      text(BAD_REQUEST, "This address has no path.");
      return;
    }
    Optional<Resource> found = place.find(path);
    if (found.isEmpty() || !found.get().directory() && path.endsWith("/")) {
      text(NOT_FOUND, "There is no such file here.");
    } else if (found.get().directory()) {
      directory(found.get(), path);
    } else {
      file(found.get());
    }
  }

  /** Whether there is one Host, which HTTP/1.1 demands: RFC 9112 section 3.2. */
  private boolean namesHost() {
    List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
    return hosts.size() == 1 || hosts.isEmpty() && !exchange.getProtocol().equals("HTTP/1.1");
  }

  /** The path as it came. Where it begins with two slashes, a URI has a host there. */
  private String path() {
    URI uri = exchange.getRequestURI();
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    boolean misread = uri.getScheme() == null && uri.getRawAuthority() != null;
    return misread ? "//" + uri.getRawAuthority() + path : path;
  }

  private void file(Resource file) throws IOException {
    FileChannel content;
    try {
      content = file.open();
    } catch (AccessDeniedException e) {
      text(FORBIDDEN, "This file can't be read here.");
      return;
    } catch (IOException e) {
      fields.set("Retry-After", "1");
      text(UNAVAILABLE, "This file is being replaced just now.");
      return;
    }
    try (content) {
      file(file, content);
    }
  }

  private void directory(Resource directory, String path) throws IOException {
    String address = place.pathOf(directory.path()) + "/";
    if (!path.endsWith("/")) {
      fields.set("Location", address.startsWith("/") ? address : "/" + address);
      text(MOVED, "It is a directory.");
      return;
    }
    String shown = "/" + String.join("/", Place.names(path).orElse(List.of()));
    byte[] page;
    try {
      page = Listing.page(place, directory, shown);
    } catch (AccessDeniedException e) {
      text(FORBIDDEN, "This directory can't be read here.");
      return;
    }
    fields.set("Content-Type", "text/html; charset=utf-8");
    fields.set("Cache-Control", "no-cache");
    body(OK, page);
  }

  private void file(Resource file, FileChannel content) throws IOException {
    fields.set("ETag", file.tag());
    fields.set("Last-Modified", file.lastModified(time.toInstant()));
    fields.set("Accept-Ranges", "bytes");
    Conditions conditions = new Conditions(exchange.getRequestHeaders(), file, time.toInstant());
    switch (conditions.outcome()) {
      case FAILED -> text(PRECONDITION_FAILED, "It is another file by now.");
      case NOT_MODIFIED -> start(NOT_MODIFIED, NO_BODY);
      case GO_ON -> {
        Optional<String> range =
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"));
        boolean part = !head && range.isPresent() && conditions.letsRange();
        send(
            file,
            content,
            part ? ByteRanges.of(range.get(), file.length()) : new ByteRanges.Whole());
      }
    }
  }

  private void send(Resource file, FileChannel content, ByteRanges ranges) throws IOException {
    switch (ranges) {
      case ByteRanges.Unsatisfiable _ -> {
        fields.set("Content-Range", "bytes */" + file.length());
        text(RANGE_NOT_SATISFIABLE, "The file has " + file.length() + " bytes.");
      }
      case ByteRanges.Whole _ -> {
        fields.set("Content-Type", file.contentType());
        start(OK, file.length());
        if (!head && file.length() > 0) {
          FileBody.copy(content, new Span(0, file.length() - 1), out);
        }
      }
      case ByteRanges.Some some -> {
        FileBody body = FileBody.of(file, some.spans());
        body.fields().forEach(fields::set);
        start(FileBody.PARTIAL_CONTENT, body.length());
        body.send(content, out);
      }
    }
    out.close();
  }

  private void text(int code, String words) throws IOException {
    fields.set("Content-Type", "text/plain; charset=utf-8");
    body(code, (words + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void body(int code, byte[] content) throws IOException {
    start(code, content.length);
    if (!head) {
      out.write(content, 0, content.length);
    }
    out.close();
  }

  /** Sends the head; a file of no bytes has no body, and neither has an answer to HEAD. */
  private void start(int code, long length) throws IOException {
    status = code;
    if (head && length >= 0) {
      fields.set("Content-Length", Long.toString(length));
    }
    exchange.sendResponseHeaders(code, head || length <= 0 ? NO_BODY : length);
    out.open(head || length <= 0 ? OutputStream.nullOutputStream() : exchange.getResponseBody());
  }

  /** Notes that it did not get to its end. */
  void broken() {
    status = CLIENT_CLOSED;
  }

  AccessLog.Entry entry() {
    return new AccessLog.Entry(
        exchange.getRemoteAddress().getAddress().getHostAddress(),
        time,
        exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getProtocol(),
        status,
        out.count(),
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Referer")),
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("User-Agent")));
  }
}
