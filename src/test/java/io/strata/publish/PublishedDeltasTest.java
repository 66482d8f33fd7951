package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.delta.DeltaApplier;
import io.strata.delta.ProgressListener;
import io.strata.delta.sqdelta2.Sqdelta2Applier;
import io.strata.posix.Posix;
import io.strata.publish.Publication.PublishedDelta;
import io.strata.squashfs.ImageTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The deltas of a publication")
class PublishedDeltasTest {
  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private Requests requests;
  private String xdelta3 = "xdelta3";
  private final List<String> notes = new ArrayList<>();
  private final TreeSet<PublishListener.Step> steps = new TreeSet<>();

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    tree = Trees.make(directory.resolve("tree"));
    mirror = directory.resolve("mirror");
    requests = new Requests(tree, mirror);
  }

  @Test
  @DisplayName("are of both formats, small, and verified by sha512sum; each makes the image")
  void bothFormats() throws Exception {
    publish(requests, "1");
    Files.writeString(tree.resolve("odd/file-7"), "changed");
    assertEquals(List.of("demo-1-2.sqdelta", "demo-1-2.sqdelta2"), names(publish(requests, "2")));
    Path old = mirror.resolve("demo-1.sqfs");
    Path image = mirror.resolve("demo-2.sqfs");
    Path delta = mirror.resolve("demo-1-2.sqdelta");
    Path delta2 = mirror.resolve("demo-1-2.sqdelta2");
    assertTrue(Files.size(delta) < Files.size(image) / 4);
    assertTrue(Files.size(delta2) < Files.size(image) / 4);
    Path applied = directory.resolve("applied.sqfs");
    new DeltaApplier().apply(old, delta, applied, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(applied, image));
    new Sqdelta2Applier().apply(old, delta2, applied, ProgressListener.NONE);
    assertEquals(-1, Files.mismatch(applied, image));
    ImageTools.run(
        "sh", "-c", "cd '" + mirror + "' && grep sqfs sha512sum.txt | sha512sum -c --strict");
    assertEquals(new TreeSet<>(List.of(PublishListener.Step.values())), steps);
    assertEquals(List.of(), notes);
  }

  @Test
  @DisplayName("are .sqdelta2 only for other compressors than lzo and lz4, which is said once")
  void compressors() throws Exception {
    publish(image(Compression.LZ4), "1");
    Files.writeString(tree.resolve("even/file-8"), "lz4");
    assertEquals(2, publish(image(Compression.LZ4), "2").deltas().size());
    assertEquals(List.of(), notes);
    Files.writeString(tree.resolve("even/file-8"), "zstd");
    assertEquals(
        List.of("demo-2-3.sqdelta2", "demo-1-3.sqdelta2"),
        names(publish(image(Compression.ZSTD), "3")));
    assertEquals(
        List.of("no .sqdelta is made: it is small for images of lzo and lz4 only, not of zstd"),
        notes);
    Files.writeString(tree.resolve("even/file-8"), "zstd, demanded");
    Requests demanding =
        image(Compression.ZSTD).deltas(new DeltaOptions(1, 1, 8, Set.of(DeltaKind.SQDELTA)));
    assertEquals(List.of("demo-3-4.sqdelta"), names(publish(demanding, "4")));
  }

  @Test
  @DisplayName("are .sqdelta2 only where xdelta3 is missing, unless upstream's are demanded")
  void noProgram() throws Exception {
    publish(requests, "1");
    Files.writeString(tree.resolve("odd/file-7"), "changed");
    xdelta3 = "xdelta3-that-is-not-here";
    Requests demanding =
        requests.deltas(new DeltaOptions(7, 0.7, 8, Set.of(DeltaKind.SQDELTA, DeltaKind.SQDELTA2)));
    PublishException e = assertThrows(PublishException.class, () -> publish(demanding, "2"));
    assertTrue(e.toString().contains("apt-get install xdelta3"), e.toString());
    assertFalse(Files.exists(mirror.resolve("demo-2.sqfs")));
    assertEquals(List.of("demo-1-2.sqdelta2"), names(publish(requests, "2")));
    assertEquals(1, notes.size(), "" + notes);
    assertTrue(notes.getFirst().startsWith("no .sqdelta is made: xdelta3"), "" + notes);
  }

  @Test
  @DisplayName("are from the last snapshots, each within its share of the image")
  void shares() throws Exception {
    Requests from2 = requests.deltas(new DeltaOptions(2, 0.7, 8));
    for (int i = 1; i <= 4; i++) {
      Files.writeString(tree.resolve("odd/file-7"), "change " + i);
      publish(from2, "" + i);
    }
    assertEquals(listed("1-2", "1-3", "2-3", "2-4", "3-4"), deltasHere());
    Trees.noise(tree);
    Publication done = publish(from2, "5");
    assertEquals(List.of(), done.deltas());
    assertTrue(notes.getLast().contains("above 70 %, and is not published"), notes.getLast());
    // What led to snapshot 4 leads nowhere now.
    assertEquals(10, done.unlisted().size(), "" + done.unlisted());
  }

  private List<String> deltasHere() throws Exception {
    try (var all = Files.list(mirror)) {
      return all.map(path -> path.getFileName() + "")
          .filter(name -> name.contains(".sqdelta"))
          .sorted()
          .toList();
    }
  }

  private static List<String> listed(String... pairs) {
    List<String> names = new ArrayList<>();
    for (String pair : pairs) {
      names.add("demo-" + pair + ".sqdelta");
      names.add("demo-" + pair + ".sqdelta2");
    }
    return names;
  }

  private static List<String> names(Publication done) {
    return done.deltas().stream().map(PublishedDelta::name).toList();
  }

  private Requests image(Compression compression) {
    return requests.image(
        new ImageOptions(compression, ImageOptions.DEFAULT_BLOCK, OptionalLong.empty()));
  }

  private Publication publish(Requests what, String version) throws Exception {
    List<DeltaFormat> formats = List.of(new SqdeltaFormat(xdelta3), new Sqdelta2Format());
    PublishListener listener =
        new PublishListener() {
          @Override
          public void progress(Step step, long done, long total) {
            steps.add(step);
          }

          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    return new Publisher(Posix.system(), Clock.systemUTC(), formats)
        .publish(what.of("demo", version), listener);
  }
}
