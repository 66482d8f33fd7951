package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sync that may fetch the parts it lacks")
class PartChoiceTest extends PartFixture {
  @Test
  @DisplayName("does not believe a block index that is of another image, too long, or endless")
  void hostileIndexes() throws Exception {
    BlockIndex honest = BlockIndex.read(images.blocks());
    byte[] other = new BlockIndex("ab".repeat(64), honest.parts()).bytes();
    assertBarred("of another image", other);
    List<Part> all = new ArrayList<>(honest.parts());
    Part last = all.removeLast();
    all.add(new Part(last.offset(), last.length() + 1, last.digest()));
    assertBarred("the mirror's has", new BlockIndex(honest.imageSha512(), all).bytes());
    assertBarred("not a block index", new byte[1000]);
    assertBarred("too much beside the other ways", new byte[images.young().length]);
    byte[] more = Arrays.copyOf(images.blocks(), images.blocks().length + 1);
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
    BlockIndex honest = BlockIndex.read(images.blocks());
    List<Part> all = new ArrayList<>();
    Part block = BlockIndex.of(images.files().resolve("2")).parts().get(2);
    long end = 0;
    while (end < 65L << 20) {
      all.add(new Part(end, block.length(), block.digest()));
      end += block.length();
    }
    byte[] lie = new BlockIndex(honest.imageSha512(), all).bytes();
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
    files.file("guru-2-3.sqdelta", new byte[9 * images.blocks().length]).index("guru-3");
    try (RawServer server = new RawServer(files.directory)) {
      SyncPlan plan = fixture.plan(server.uri());
      assertEquals(
          List.of(Way.DELTA, Way.FULL, Way.RANGES),
          plan.candidates().stream().map(Candidate::way).toList());
      assertEquals(List.of(), server.gets(BLOCKS));
      files.file("guru-2-3.sqdelta", new byte[images.young().length / 2]).index("guru-3");
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
      PartWriter writer = new PartWriter(BlockIndex.read(images.blocks()).parts(), target);
      SyncException late =
          assertThrows(
              SyncException.class,
              () -> {
                try (PartSources from = sources.parts(IMAGE, images.young().length)) {
                  from.fetch(writer, List.of(), _ -> {});
                }
              });
      assertTrue(String.valueOf(late.getMessage()).contains("are not here after 0 minutes"));
      assertTrue(writer.next() < images.young().length);
    }
  }
}
