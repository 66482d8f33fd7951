package io.strata.sync;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** What comes for a part, every time. */
enum PartFault {
  WHOLE {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "200 OK", "Content-Length: " + content.length);
      out.write(content);
    }
  },
  OTHER_OFFSET {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.part(out, content, from + 10, to + 10);
    }
  },
  OTHER_END {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.part(out, content, from, to - 10);
    }
  },
  OTHER_LENGTH {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      part(out, content, from, to, "Content-Length: 1000");
      out.write(content, from, 1000);
    }
  },
  NO_CONTENT_RANGE {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "206 Partial Content", "Content-Length: " + (to + 1 - from));
      out.write(content, from, to + 1 - from);
    }
  },
  SEVERAL_RANGES {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      part(out, content, from, to, "Content-Type: multipart/byteranges; boundary=x");
      out.write(content, from, to + 1 - from);
    }
  },
  GZIP {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      part(out, content, from, to, "Content-Encoding: gzip");
      out.write(content, from, to + 1 - from);
    }
  },
  NOT_MODIFIED {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "304 Not Modified", "ETag: \"v1\"");
    }
  },
  NOT_SATISFIABLE {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "416 Range Not Satisfiable", "Content-Length: 0");
    }
  },
  PRECONDITION_FAILED {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "412 Precondition Failed", "Content-Length: 0");
    }
  },
  FORBIDDEN {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "403 Forbidden", "Content-Length: 0");
    }
  },
  BUSY {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "503 Service Unavailable", "Content-Length: 0");
    }
  },
  NO_END {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.head(out, "302 Found", "Location: " + PartFixture.IMAGE);
    }
  },
  ANOTHER_FILE {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      part(out, content, from, to, "ETag: \"v2\"");
      out.write(new byte[to + 1 - from]);
    }
  },
  LONGER_FILE {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      RawServer.part(out, Arrays.copyOf(content, content.length + 9), from, to);
    }
  },
  WRONG_BYTES {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      byte[] wrong = content.clone();
      wrong[to] ^= 1;
      RawServer.part(out, wrong, from, to);
    }
  },
  ONE_BYTE {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      part(out, content, from, to, "Content-Length: " + (to + 1 - from));
      out.write(content, from, 1);
    }
  },
  NOTHING {
    @Override
    void answer(byte[] content, int from, int to, OutputStream out) throws IOException {
      throw new IOException("as told");
    }
  };

  abstract void answer(byte[] content, int from, int to, OutputStream out) throws IOException;

  static void part(OutputStream out, byte[] content, int from, int to, String field)
      throws IOException {
    String range = "Content-Range: bytes " + from + "-" + to + "/" + content.length;
    RawServer.head(out, "206 Partial Content", range, field);
  }

  /** Answers requests for parts of a file with this content so, all others as a good server. */
  RawServer.Orders onParts(RawServer server, byte[] content) {
    return (request, out) -> {
      if (request.isHead() || request.field("range").isEmpty()) {
        server.serve(request, out);
      } else {
        String[] ends = request.field("range").get().substring(6).split("-", -1);
        answer(content, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]), out);
      }
    };
  }
}
