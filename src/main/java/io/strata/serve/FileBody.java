package io.strata.serve;

import io.strata.serve.ByteRanges.Span;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The body of an answer that has parts of a file: one as it is, several as {@code
 * multipart/byteranges}.
 *
 * @param boundary between the parts
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.6">RFC 9110 section 14.6</a>
 */
record FileBody(Resource file, List<Span> spans, String boundary) {
  static final int PARTIAL_CONTENT = 206;
  private static final int CHUNK = 1 << 17;

  FileBody {
    spans = List.copyOf(spans);
  }

  static FileBody of(Resource file, List<Span> spans) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String boundary =
        String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    return new FileBody(file, spans, boundary);
  }

  private boolean single() {
    return spans.size() == 1;
  }

  /** What the head says of it. */
  Map<String, String> fields() {
    return single()
        ? Map.of(
            "Content-Type", file.contentType(), "Content-Range", spans.getFirst().of(file.length()))
        : Map.of("Content-Type", "multipart/byteranges; boundary=" + boundary);
  }

  /** How long it is, in bytes. */
  long length() {
    long length = spans.stream().mapToLong(Span::length).sum();
    if (!single()) {
      length += spans.stream().mapToLong(span -> before(span).length).sum() + end().length;
    }
    return length;
  }

  void send(FileChannel content, OutputStream out) throws IOException {
    for (Span span : spans) {
      if (!single()) {
        out.write(before(span));
      }
      copy(content, span, out);
    }
    if (!single()) {
      out.write(end());
    }
  }

  private byte[] before(Span span) {
    String head =
        "\r\n--"
            + boundary
            + "\r\nContent-Type: "
            + file.contentType()
            + "\r\nContent-Range: "
            + span.of(file.length())
            + "\r\n\r\n";
    return head.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] end() {
    return ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sends bytes of a file.
   *
   * @throws EOFException if it has become shorter
   */
  static void copy(FileChannel content, Span span, OutputStream out) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK, span.length())];
    long at = span.first();
    while (at <= span.last()) {
      int wanted = (int) Math.min(chunk.length, span.last() + 1 - at);
      int got = content.read(ByteBuffer.wrap(chunk, 0, wanted), at);
      if (got < 0) {
        throw new EOFException("it became shorter");
      }
      out.write(chunk, 0, got);
      at += got;
    }
  }
}
