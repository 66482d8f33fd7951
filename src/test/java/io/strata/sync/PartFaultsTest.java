package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A sync that fetches the parts it lacks")
class PartFaultsTest {
  private static final String IMAGE = "guru-3.sqfs";
  private static final String BLOCKS = IMAGE + ".blocks";
  private static final int FILES = 30;
  private static final int FILE_SIZE = 40_000;

  @TempDir static Path images;
  private static byte[] old;
  private static byte[] young;
  private static byte[] blocks;

  @TempDir Path directory;
  private SmallMirror files;
  private SyncFixture fixture;

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
        RawServer.head(out, "302 Found", "Location: " + IMAGE);
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

    RawServer.Orders onParts(RawServer server) {
      return (request, out) -> {
        if (request.isHead() || request.field("range").isEmpty()) {
          server.serve(request, out);
        } else {
          String[] ends = request.field("range").get().substring(6).split("-", -1);
          answer(young, Integer.parseInt(ends[0]), Integer.parseInt(ends[1]), out);
        }
      };
    }
  }

  @BeforeAll
  static void makeImages() throws Exception {
    ImageTools.needs("mksquashfs");
    Path tree = Files.createDirectory(images.resolve("tree"));
    for (int i = 0; i < FILES; i++) {
      write(tree, i, i);
    }
    old = Files.readAllBytes(ImageTools.mksquashfs(tree, images.resolve("1"), "-b", "8192"));
    for (int changed : new int[] {4, 5, 22}) {
      write(tree, changed, 100 + changed);
    }
    Path image = ImageTools.mksquashfs(tree, images.resolve("3"), "-b", "8192");
    young = Files.readAllBytes(image);
    blocks = BlockIndex.of(image).bytes();
  }

  private static void write(Path tree, int file, long seed) throws IOException {
    byte[] noise = new byte[FILE_SIZE];
    new Random(seed).nextBytes(noise);
    Files.write(tree.resolve("file-%03d".formatted(file)), noise);
  }

  @BeforeEach
  void syncOld() throws Exception {
    fixture = new SyncFixture(directory);
    files = fixture.files;
    files.file("guru-2.sqfs", old).index("guru-2");
    fixture.sync(fixture.directory());
    files.file(IMAGE, young).file(BLOCKS, blocks).index("guru-3");
  }

  private void assertYoung(Way way, SyncResult result) throws IOException {
    assertEquals(way, result.way(), () -> "" + fixture.heard.warnings);
    fixture.assertCurrent("3", young);
    assertEquals(List.of("guru-2.sqfs", IMAGE, "guru-current.sqfs"), fixture.cache());
  }

  @Test
  @DisplayName("plans it with the bytes of the block index, and asks for nothing else")
  void plan() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      Candidate choice = fixture.plan(server.uri()).choice().orElseThrow();
      assertEquals(Way.RANGES, choice.way());
      SyncResult result = fixture.sync(server.uri());
      assertYoung(Way.RANGES, result);
      assertEquals(choice.bytes().orElseThrow(), result.bytes());
      assertTrue(result.bytes() < 3 * FILE_SIZE + blocks.length + 30_000, "" + result.bytes());
      assertTrue(server.gets(IMAGE).size() <= 4, "" + server.gets(IMAGE));
      assertFalse(server.gets(IMAGE).contains("whole"));
      assertTrue(
          server.requests().stream()
              .filter(r -> r.field("range").isPresent())
              .allMatch(r -> r.field("if-range").orElse("").equals("\"v1\"")));
    }
  }

  @Test
  @DisplayName("does it from a local directory, too")
  void local() throws Exception {
    assertYoung(Way.RANGES, fixture.sync(fixture.directory()));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("takes the whole image where the server gets parts wrong; nothing is left over")
  void wrong(PartFault fault) throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      SyncResult result = fixture.sync(server.on(IMAGE, fault.onParts(server)).uri());
      assertYoung(Way.FULL, result);
      assertEquals("whole", server.gets(IMAGE).getLast());
      assertTrue(server.gets(IMAGE).size() <= 12, "" + server.gets(IMAGE));
      String warning = fixture.heard.warnings.getLast();
      assertTrue(warning.startsWith(server.uri() + IMAGE + ": "), warning);
      assertTrue(warning.endsWith("; trying the full image"), warning);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WHOLE", "WRONG_BYTES", "BUSY", "ANOTHER_FILE"})
  @DisplayName("goes on with the next mirror, and asks the first one for no more parts")
  void nextMirror(PartFault fault) throws Exception {
    try (RawServer bad = new RawServer(files.directory);
        RawServer good = new RawServer(files.directory)) {
      bad.on(IMAGE, fault.onParts(bad));
      SyncResult result = fixture.sync(bad.uri(), good.uri());
      assertYoung(Way.RANGES, result);
      assertTrue(bad.gets(IMAGE).size() <= 3, "" + bad.gets(IMAGE));
      String warning = fixture.heard.warnings.getLast();
      assertTrue(warning.contains("; trying " + good.uri()), warning);
      boolean blamed = warning.contains("wrong file 1 of this mirror");
      assertEquals(fault == PartFault.WRONG_BYTES || fault == PartFault.ANOTHER_FILE, blamed);
    }
  }

  @Test
  @DisplayName("goes on at the byte where a connection broke off")
  void breaksOff() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      AtomicInteger times = new AtomicInteger();
      RawServer.Orders half =
          (request, out) -> {
            if (request.field("range").isPresent() && times.getAndIncrement() == 1) {
              String[] ends = request.field("range").get().substring(6).split("-", -1);
              int from = Integer.parseInt(ends[0]);
              int to = Integer.parseInt(ends[1]);
              PartFault.part(out, young, from, to, "Content-Length: " + (to + 1 - from));
              out.write(young, from, 20_001); // in the middle of a part
            } else {
              server.serve(request, out);
            }
          };
      assertYoung(Way.RANGES, fixture.sync(server.on(IMAGE, half).uri()));
      List<String> ranges = server.gets(IMAGE);
      int from = Integer.parseInt(ranges.get(1).replaceAll("bytes=|-.*", ""));
      assertEquals("bytes=" + (from + 20_001), ranges.get(2).replaceFirst("-[0-9]*$", ""));
      assertEquals(List.of(), fixture.heard.warnings);
    }
  }

  @Test
  @DisplayName("keeps what came when it fails, and the next sync goes on from there")
  void keeps() throws Exception {
    AtomicInteger times = new AtomicInteger();
    long first;
    try (RawServer server = new RawServer(files.directory)) {
      RawServer.Orders once =
          (request, out) -> {
            if (!request.isHead() && times.getAndIncrement() > 0) {
              throw new IOException("the network is gone");
            }
            server.serve(request, out);
          };
      server.on(IMAGE, once);
      assertThrows(SyncException.class, () -> fixture.sync(server.uri()));
      String[] ends = server.gets(IMAGE).getFirst().substring(6).split("-", -1);
      first = Long.parseLong(ends[1]) + 1 - Long.parseLong(ends[0]);
      assertEquals(1, fixture.cache().stream().filter(n -> n.endsWith(".partial")).count());
      fixture.assertCurrent("2", old);
    }
    try (RawServer server = new RawServer(files.directory)) {
      long planned = fixture.plan(server.uri()).choice().orElseThrow().bytes().orElseThrow();
      SyncResult result = fixture.sync(server.uri());
      assertEquals(planned, result.bytes());
      assertYoung(Way.RANGES, result);
      assertTrue(first + planned < 3 * FILE_SIZE + blocks.length + 30_000, first + " " + planned);
    }
  }

  @Test
  @DisplayName("asks without a condition where servers behind one name have other tags")
  void otherTags() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      AtomicInteger times = new AtomicInteger();
      server.on(
          IMAGE,
          (request, out) ->
              server.serve(request, out, "\"v" + times.getAndIncrement() + "\"", RawServer.DATE));
      assertYoung(Way.RANGES, fixture.sync(server.uri()));
      assertTrue(server.gets(IMAGE).size() <= 6, "" + server.gets(IMAGE));
    }
  }

  @Test
  @DisplayName("takes parts of which the length is not said, and those from elsewhere")
  void chunkedAndRedirected() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          "moved",
          (request, out) -> {
            String[] ends = request.field("range").orElseThrow().substring(6).split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int length = Integer.parseInt(ends[1]) + 1 - from;
            PartFault.part(out, young, from, from + length - 1, "Transfer-Encoding: chunked");
            out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(young, from, length);
            out.write("\r\n5\r\nlarge\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)); // more
          });
      server.on(
          IMAGE,
          (request, out) -> {
            if (request.isHead()) {
              server.serve(request, out);
            } else {
              RawServer.head(out, "307 Temporary Redirect", "Location: /moved");
            }
          });
      assertYoung(Way.RANGES, fixture.sync(server.uri()));
    }
  }

  @Test
  @DisplayName("stops waiting for a server that sends too slowly")
  void stalls() throws Exception {
    try (RawServer server = new RawServer(files.directory)) {
      RawServer.Orders stall =
          (request, out) -> {
            if (request.isHead() || request.field("range").isEmpty()) {
              server.serve(request, out);
            } else {
              String[] ends = request.field("range").get().substring(6).split("-", -1);
              PartFault.part(
                  out,
                  young,
                  Integer.parseInt(ends[0]),
                  Integer.parseInt(ends[1]),
                  "X: " + request.method().toLowerCase(Locale.ROOT));
              out.flush();
              server.stall();
            }
          };
      assertYoung(Way.FULL, fixture.sync(server.on(IMAGE, stall).uri()));
      assertTrue(fixture.heard.warnings.getLast().contains("nothing came for"));
    }
  }

  @Test
  @DisplayName("does not believe a block index that is of another image, too long, or endless")
  void hostileIndexes() throws Exception {
    BlockIndex honest = BlockIndex.read(blocks);
    byte[] other = new BlockIndex("ab".repeat(64), honest.parts()).bytes();
    assertBarred("of another image", other);
    List<Part> parts = new ArrayList<>(honest.parts());
    Part last = parts.removeLast();
    parts.add(new Part(last.offset(), last.length() + 1, last.digest()));
    assertBarred("the mirror's has", new BlockIndex(honest.imageSha512(), parts).bytes());
    assertBarred("not a block index", new byte[1000]);
    assertBarred("too much beside the other ways", new byte[young.length]);
    byte[] more = Arrays.copyOf(blocks, blocks.length + 1);
    assertBarred(" parts in ", more);
  }

  private void assertBarred(String why, byte[] index) throws Exception {
    files.file(BLOCKS, index).index("guru-3");
    SyncPlan plan = fixture.plan(fixture.directory());
    assertEquals(Way.FULL, plan.choice().orElseThrow().way());
    Candidate ranges =
        plan.candidates().stream().filter(c -> c.way() == Way.RANGES).findFirst().orElseThrow();
    assertTrue(ranges.obstacle().orElseThrow().why().contains(why), "" + ranges);
  }

  @Test
  @DisplayName("makes no image that is far larger than those here, though no byte of it comes")
  void hugeImage() throws Exception {
    BlockIndex honest = BlockIndex.read(blocks);
    List<Part> parts = new ArrayList<>();
    Part block = BlockIndex.of(images.resolve("1")).parts().get(2);
    long end = 0;
    while (end < 65L << 20) {
      parts.add(new Part(end, block.length(), block.digest()));
      end += block.length();
    }
    byte[] lie = new BlockIndex(honest.imageSha512(), parts).bytes();
    files.file(BLOCKS, lie).index("guru-3");
    long said = end;
    try (RawServer server = new RawServer(files.directory)) {
      server.on(
          IMAGE,
          (request, out) -> {
            if (request.isHead()) {
              RawServer.head(out, "200 OK", "Content-Length: " + said);
            } else {
              throw new IOException("not asked for");
            }
          });
      SyncPlan plan = fixture.plan(server.uri());
      Candidate ranges =
          plan.candidates().stream().filter(c -> c.way() == Way.RANGES).findFirst().orElseThrow();
      assertTrue(ranges.obstacle().orElseThrow().why().contains("nearly as large"), "" + ranges);
    }
  }

  @Test
  @DisplayName("does that only where no delta is cheaper, and looks at no index if that is cheap")
  void cheapest() throws Exception {
    files.file("guru-2-3.sqdelta", new byte[9 * blocks.length]).index("guru-3");
    try (RawServer server = new RawServer(files.directory)) {
      SyncPlan plan = fixture.plan(server.uri());
      assertEquals(
          List.of(Way.DELTA, Way.FULL, Way.RANGES),
          plan.candidates().stream().map(Candidate::way).toList());
      assertEquals(List.of(), server.gets(BLOCKS));
      files.file("guru-2-3.sqdelta", new byte[young.length / 2]).index("guru-3");
      plan = fixture.plan(server.uri());
      assertEquals(
          List.of(Way.RANGES, Way.DELTA, Way.FULL),
          plan.candidates().stream().map(Candidate::way).toList());
    }
  }

  @Test
  @DisplayName("obeys sync-squashdelta-max-size, and the time that a mirror may take")
  void limits() throws Exception {
    FileLimits limits = new FileLimits(OptionalLong.empty(), 1000, Duration.ZERO);
    assertTrue(limits.refusal(1001).isPresent());
    try (RawServer server = new RawServer(files.directory);
        Mirrors mirrors = new Mirrors(SyncFixture.SHORT, Map.of());
        var target =
            FileChannel.open(
                directory.resolve("target"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Sources sources =
          new Sources(List.of(mirrors.open(server.uri())), new Blame(), limits, fixture.heard);
      PartWriter writer = new PartWriter(BlockIndex.read(blocks).parts(), target);
      SyncException late =
          assertThrows(
              SyncException.class, () -> sources.parts(IMAGE, young.length).fetch(writer, _ -> {}));
      assertTrue(String.valueOf(late.getMessage()).contains("are not here after 0 minutes"));
      assertTrue(writer.next() < young.length);
    }
  }
}
