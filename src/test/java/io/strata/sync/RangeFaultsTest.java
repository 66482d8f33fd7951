package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A download that is resumed")
class RangeFaultsTest {
  private static final String FILE = "guru-1.sqfs";
  private static final int HALF = SmallMirror.SIZE / 2;
  private static final String REST = "bytes=" + HALF + "-";

  /** What comes for the range from {@link #HALF} on. */
  enum RangeFault {
    WHOLE {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.head(out, "200 OK", "Content-Length: " + content.length);
        out.write(content);
      }
    },
    OTHER_OFFSET {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.part(out, content, HALF - 100, content.length - 1);
      }
    },
    OTHER_END {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.part(out, content, HALF, content.length - 100);
      }
    },
    OTHER_LENGTH {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        String range = "bytes " + HALF + "-" + (content.length - 1) + "/" + content.length;
        RawServer.head(
            out, "206 Partial Content", "Content-Range: " + range, "Content-Length: 1000");
        out.write(content, HALF, 1000);
      }
    },
    OTHER_TOTAL {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.part(out, Arrays.copyOf(content, content.length + 50), HALF, content.length + 49);
      }
    },
    NO_CONTENT_RANGE {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.head(out, "206 Partial Content", "Content-Length: " + (content.length - HALF));
        out.write(content, HALF, content.length - HALF);
      }
    },
    SEVERAL_RANGES {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.head(
            out, "206 Partial Content", "Content-Type: multipart/byteranges; boundary=x");
        out.write("--x\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    },
    SEVERAL_RANGES_AS_ONE {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        String range = "bytes " + HALF + "-" + (content.length - 1) + "/" + content.length;
        RawServer.head(
            out,
            "206 Partial Content",
            "Content-Type: multipart/byteranges; boundary=x",
            "Content-Range: " + range);
        out.write(content, HALF, content.length - HALF);
      }
    },
    NOT_MODIFIED {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.head(out, "304 Not Modified", "ETag: \"v1\"");
      }
    },
    NOT_SATISFIABLE {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
      }
    },
    PRECONDITION_FAILED {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        RawServer.head(out, "412 Precondition Failed", "Content-Length: 0");
      }
    },
    ANOTHER_FILE {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        byte[] other = new byte[content.length];
        String range = "bytes " + HALF + "-" + (content.length - 1) + "/" + content.length;
        String length = "Content-Length: " + (content.length - HALF);
        RawServer.head(
            out, "206 Partial Content", "Content-Range: " + range, length, "ETag: \"v2\"");
        out.write(other, HALF, content.length - HALF);
      }
    },
    GZIP {
      @Override
      void answer(byte[] content, OutputStream out) throws IOException {
        byte[] packed = gzip(Arrays.copyOfRange(content, HALF, content.length));
        String range = "bytes " + HALF + "-" + (content.length - 1) + "/" + content.length;
        String length = "Content-Length: " + packed.length;
        RawServer.head(
            out,
            "206 Partial Content",
            "Content-Range: " + range,
            "Content-Encoding: gzip",
            length);
        out.write(packed);
      }
    };

    abstract void answer(byte[] content, OutputStream out) throws IOException;
  }

  @TempDir Path directory;
  private SyncFixture fixture;
  private byte[] content;

  @BeforeEach
  void mirror() throws Exception {
    fixture = new SyncFixture(directory);
    content = SmallMirror.image("1");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is taken whole where the server gets the range wrong")
  void wrong(RangeFault fault) throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(server, (_, out) -> fault.answer(content, out));
      SyncResult result = fixture.sync(server.uri());
      fixture.assertCurrent("1");
      List<String> gets = server.gets(FILE);
      assertEquals(List.of("whole", REST), gets.subList(0, 2));
      assertEquals(fault == RangeFault.WHOLE ? 2 : 3, gets.size(), "" + gets);
      // Nothing of the wrong part was believed, and no more was read than two halves and a whole.
      assertTrue(result.bytes() <= 2L * SmallMirror.SIZE, "" + result);
    }
    assertEquals(List.of(), fixture.heard.warnings);
    assertEquals(List.of(), fixture.heard.notes);
  }

  @Test
  @DisplayName("goes on where it stopped, if it is still the same file")
  void right() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(server, server::serve);
      assertEquals(SmallMirror.SIZE, fixture.sync(server.uri()).bytes());
      assertEquals(List.of("whole", REST), server.gets(FILE));
      assertEquals("\"v1\"", server.requests().getLast().field("if-range").orElseThrow());
    }
    fixture.assertCurrent("1");
    assertTrue(fixture.heard.phases.toString().contains("from byte " + HALF));
  }

  @Test
  @DisplayName("starts anew where the file changed in between, which If-Range shows")
  void changed() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(server, (r, out) -> server.serve(r, out, "\"v2\"", RawServer.DATE));
      assertEquals(SmallMirror.SIZE + HALF, fixture.sync(server.uri()).bytes());
      assertEquals(List.of("whole", REST), server.gets(FILE));
    }
    fixture.assertCurrent("1");
  }

  @Test
  @DisplayName("goes on with a part that comes in chunks, without a length")
  void chunked() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(
          server,
          (_, out) -> {
            String range = "bytes " + HALF + "-" + (content.length - 1) + "/*";
            RawServer.head(
                out,
                "206 Partial Content",
                "Content-Range: " + range,
                "Transfer-Encoding: chunked");
            String size = Integer.toHexString(content.length - HALF) + "\r\n";
            out.write(size.getBytes(StandardCharsets.US_ASCII));
            out.write(content, HALF, content.length - HALF);
            out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          });
      assertEquals(SmallMirror.SIZE, fixture.sync(server.uri()).bytes());
      assertEquals(List.of("whole", REST), server.gets(FILE));
    }
    fixture.assertCurrent("1");
  }

  @Test
  @DisplayName("is taken anew, unblamed, where a redirect led the rest to another file")
  void redirected() throws Exception {
    fixture.files.file("other", new byte[SmallMirror.SIZE]);
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(
          server,
          (_, out) -> RawServer.head(out, "302 Found", "Location: /other", "Content-Length: 0"));
      server.on(
          "other",
          (_, out) -> RawServer.part(out, new byte[content.length], HALF, content.length - 1));
      fixture.sync(server.uri());
      assertEquals(List.of("whole", REST, "whole"), server.gets(FILE));
    }
    fixture.assertCurrent("1");
    assertEquals(List.of(), fixture.heard.warnings);
  }

  @Test
  @DisplayName("is complete where nothing is missing, which some servers say with 416")
  void complete() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            if (request.field("range").isPresent()) {
              String all = "Content-Range: bytes */" + content.length;
              RawServer.head(out, "416 Range Not Satisfiable", all, "Content-Length: 0");
            } else {
              // All bytes, but one more is promised.
              RawServer.head(out, "200 OK", "Transfer-Encoding: chunked", "ETag: \"v1\"");
              if (!request.isHead()) {
                String size = Integer.toHexString(content.length) + "\r\n";
                out.write(size.getBytes(StandardCharsets.US_ASCII));
                out.write(content);
              }
            }
          });
      fixture.sync(server.uri());
      assertEquals(List.of("whole", "bytes=" + content.length + "-"), server.gets(FILE));
    }
    fixture.assertCurrent("1");
  }

  @Test
  @DisplayName("goes on in the next sync, and leaves nothing over")
  void nextSync() throws Exception {
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(server, (_, out) -> RawServer.head(out, "503 Busy", "Content-Length: 0"));
      assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      assertEquals(2, fixture.cache().size(), "" + fixture.cache());
      breakOff(server, server::serve);
      assertEquals(HALF, fixture.plan(server.uri()).choice().orElseThrow().bytes().orElseThrow());
      assertEquals(SmallMirror.SIZE - HALF, fixture.sync(server.uri()).bytes());
      assertEquals(REST, server.gets(FILE).getLast());
    }
    fixture.assertCurrent("1");
    assertEquals(List.of(FILE, "guru-current.sqfs"), fixture.cache());
  }

  @Test
  @DisplayName("goes on at another mirror; where the parts do not fit, it is taken anew, unblamed")
  void otherMirror() throws Exception {
    Path other = directory.resolve("other");
    SmallMirror copy = new SmallMirror(other).image("guru", "1").index("guru-1");
    try (RawServer server = new RawServer(fixture.files.directory);
        RawServer second = new RawServer(copy.directory)) {
      server.on(
          FILE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
            } else if (request.field("range").isPresent()) {
              RawServer.head(out, "503 Busy", "Content-Length: 0");
            } else {
              RawServer.head(out, "200 OK", "Content-Length: " + content.length, "ETag: \"v1\"");
              out.write(new byte[HALF]); // of the right length, and nothing else
            }
          });
      fixture.sync(server.uri(), second.uri());
      assertEquals(List.of(REST, "whole"), second.gets(FILE));
    }
    fixture.assertCurrent("1");
    assertTrue(fixture.heard.phases.toString().contains("do not fit"));
  }

  /** Serves the first half for the whole, and for the rest what is ordered. */
  @ParameterizedTest(name = "ETag {0}, Last-Modified {1}, Date {2}: {3}")
  @DisplayName("is asked for on a condition only where the validator is a strong one")
  @CsvSource({
    "'\"v1\"', 10:00:00, 10:00:00, '\"v1\"'",
    "'W/\"v1\"', 10:00:00, 11:00:00,",
    "'v1', 10:00:00, 11:00:00,",
    ", 10:00:00, 10:00:01, 'Sat, 01 Aug 2026 10:00:00 GMT'",
    ", 10:00:00, 10:00:00,",
    ", 10:00:00,,",
    ", soon, 11:00:00,",
    ",,11:00:00,"
  })
  void validators(
      @Nullable String tag, @Nullable String modified, @Nullable String date, @Nullable String sent)
      throws Exception {
    List<String> about = new ArrayList<>();
    if (tag != null) {
      about.add("ETag: " + tag);
    }
    if (modified != null) {
      about.add("Last-Modified: " + RawServer.DATE.replace("10:00:00", modified));
    }
    if (date != null) {
      about.add("Date: " + RawServer.DATE.replace("10:00:00", date));
    }
    try (RawServer server = new RawServer(fixture.files.directory)) {
      breakOff(server, server::serve, about);
      assertEquals(SmallMirror.SIZE, fixture.sync(server.uri()).bytes());
      assertEquals(List.of("whole", REST), server.gets(FILE));
      assertEquals(Optional.ofNullable(sent), server.requests().getLast().field("if-range"));
    }
    fixture.assertCurrent("1");
  }

  private void breakOff(RawServer server, RawServer.Orders rest) {
    breakOff(server, rest, List.of("ETag: \"v1\"", "Last-Modified: " + RawServer.DATE));
  }

  private void breakOff(RawServer server, RawServer.Orders rest, List<String> about) {
    boolean[] broken = {false};
    server.on(
        FILE,
        (request, out) -> {
          if (request.field("range").isPresent()) {
            rest.answer(request, out);
          } else if (request.isHead() || broken[0]) {
            server.serve(request, out);
          } else {
            broken[0] = true;
            String length = "Content-Length: " + content.length;
            List<String> fields = new ArrayList<>(about);
            fields.add(length);
            RawServer.head(out, "200 OK", fields.toArray(String[]::new));
            out.write(content, 0, HALF);
          }
        });
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }
}
