package io.strata.sync;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** What comes for a part, every time. */
enum PartFault {
  WHOLE(
      (content, from, to, out) -> {
        RawServer.head(out, "200 OK", "Content-Length: " + content.length);
        out.write(content);
      }),
  OTHER_OFFSET((content, from, to, out) -> RawServer.part(out, content, from + 10, to + 10)),
  OTHER_END((content, from, to, out) -> RawServer.part(out, content, from, to - 10)),
  OTHER_LENGTH(
      (content, from, to, out) -> {
        part(out, content, from, to, "Content-Length: 1000");
        out.write(content, from, 1000);
      }),
  NO_CONTENT_RANGE(
      (content, from, to, out) -> {
        RawServer.head(out, "206 Partial Content", "Content-Length: " + (to + 1 - from));
        out.write(content, from, to + 1 - from);
      }),
  SEVERAL_RANGES(
      (content, from, to, out) -> {
        part(out, content, from, to, "Content-Type: multipart/byteranges; boundary=x");
        out.write(content, from, to + 1 - from);
      }),
  GZIP(
      (content, from, to, out) -> {
        part(out, content, from, to, "Content-Encoding: gzip");
        out.write(content, from, to + 1 - from);
      }),
  NOT_MODIFIED("304 Not Modified", "ETag: \"v1\""),
  NOT_SATISFIABLE("416 Range Not Satisfiable", "Content-Length: 0"),
  PRECONDITION_FAILED("412 Precondition Failed", "Content-Length: 0"),
  FORBIDDEN("403 Forbidden", "Content-Length: 0"),
  BUSY("503 Service Unavailable", "Content-Length: 0"),
  NO_END("302 Found", "Location: " + PartFixture.IMAGE),
  ANOTHER_FILE(
      (content, from, to, out) -> {
        part(out, content, from, to, "ETag: \"v2\"");
        out.write(new byte[to + 1 - from]);
      }),
  LONGER_FILE(
      (content, from, to, out) ->
          RawServer.part(out, Arrays.copyOf(content, content.length + 9), from, to)),
  WRONG_BYTES(
      (content, from, to, out) -> {
        byte[] wrong = content.clone();
        wrong[to] ^= 1;
        RawServer.part(out, wrong, from, to);
      }),
  ONE_BYTE(
      (content, from, to, out) -> {
        part(out, content, from, to, "Content-Length: " + (to + 1 - from));
        out.write(content, from, 1);
      }),
  NOTHING(
      (content, from, to, out) -> {
        throw new IOException("as told");
      });

  /** Sends what comes for the bytes {@code from} to {@code to} of a content, both included. */
  private interface Answer {
    void send(byte[] content, int from, int to, OutputStream out) throws IOException;
  }

  private final Answer answer;

  PartFault(Answer answer) {
    this.answer = answer;
  }

  /** One that is a head alone. */
  PartFault(String status, String field) {
    this((content, from, to, out) -> RawServer.head(out, status, field));
  }

  static void part(OutputStream out, byte[] content, int from, int to, String field)
      throws IOException {
    String range = "Content-Range: bytes " + from + "-" + to + "/" + content.length;
    RawServer.head(out, "206 Partial Content", range, field);
  }

  /** Answers requests for parts of a file with this content so, all others as a good server. */
  RawServer.Orders onParts(RawServer server, byte[] content) {
    return (request, out) -> {
      Optional<RawServer.Range> range = request.range();
      if (request.isHead() || range.isEmpty()) {
        server.serve(request, out);
      } else {
        answer.send(content, range.get().from(), range.get().to(), out);
      }
    };
  }
}
