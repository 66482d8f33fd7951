package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import io.strata.posix.Posix;
import io.strata.publish.DeltaOptions;
import io.strata.publish.PublishListener;
import io.strata.publish.PublishRequest;
import io.strata.publish.Publisher;
import io.strata.serve.AccessLog;
import io.strata.serve.FileServer;
import io.strata.squashfs.ImageTools;
import io.strata.store.ImageStore;
import io.strata.store.Snapshot;
import io.strata.trust.Verification;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A sync to a snapshot that no delta leads to")
class RangeSyncTest {
  private static final int FILES = 40;

  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private FileServer server;
  private ImageStore store;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Heard heard = new Heard();

  @BeforeEach
  void publishOne() throws Exception {
    ImageTools.needs("mksquashfs");
    tree = Files.createDirectory(directory.resolve("tree"));
    for (int i = 0; i < FILES; i++) {
      write(i, i);
    }
    mirror = directory.resolve("mirror");
    publish("1");
    store = new ImageStore(directory.resolve("cache"), Posix.system());
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    server = FileServer.start(mirror, any, new AccessLog(log::add));
    assertEquals(Way.FULL, sync(server.uri()).way());
    log.clear();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  @DisplayName("fetches the parts that are missing, in few requests")
  void ranges() throws Exception {
    write(5, 100);
    write(20, 101);
    write(21, 102);
    publish("2");
    SyncResult result = sync(server.uri());
    assertEquals(Way.RANGES, result.way());
    Path image = mirror.resolve("demo-2.sqfs");
    assertEquals(-1, Files.mismatch(image, store.image(new Snapshot("demo", "2"))));
    // Three files of 40, the tables, the block index; the image is counted without it.
    assertTrue(result.bytes() < Files.size(image) / 5, result.bytes() + "");
    List<String> parts =
        log.stream().filter(line -> line.contains("GET /demo-2.sqfs HTTP")).toList();
    assertTrue(parts.size() >= 2 && parts.size() <= 5, "" + log);
    assertTrue(parts.stream().allMatch(line -> line.contains("\" 206 ")), "" + log);
    SyncResult again = sync(server.uri());
    assertEquals(Way.UP_TO_DATE, again.way());
  }

  @Test
  @DisplayName("takes the whole image where the one here is damaged, which is set aside")
  void damaged() throws Exception {
    Path here = store.image(new Snapshot("demo", "1"));
    byte[] content = Files.readAllBytes(here);
    content[200_000] ^= 1;
    Files.write(here, content);
    write(5, 100);
    publish("2");
    assertEquals(Way.FULL, sync(server.uri()).way());
    assertTrue(heard.warnings.getFirst().contains("it is set aside"), "" + heard.warnings);
    assertEquals(
        -1, Files.mismatch(mirror.resolve("demo-2.sqfs"), store.image(new Snapshot("demo", "2"))));
  }

  @Test
  @DisplayName("takes the whole image where that would be more than 70 percent")
  void most() throws Exception {
    for (int i = 0; i < 30; i++) {
      write(i, 100 + i);
    }
    publish("2");
    assertEquals(Way.FULL, sync(server.uri()).way());
  }

  @Test
  @DisplayName("takes the whole image from a server that gives no parts")
  void noRanges() throws Exception {
    write(5, 100);
    publish("2");
    try (TestMirror plain = new TestMirror(mirror)) {
      assertEquals(Way.FULL, sync(plain.uri()).way());
      assertTrue(heard.warnings.getLast().contains("trying the full image"), "" + heard.warnings);
    }
  }

  @Test
  @DisplayName("takes the whole image where the block index lies")
  void lie() throws Exception {
    write(5, 100);
    publish("2");
    Path file = mirror.resolve("demo-2.sqfs.blocks");
    BlockIndex honest = BlockIndex.read(Files.readAllBytes(file));
    List<Part> parts = new ArrayList<>(honest.parts());
    Part one = parts.get(1);
    Part two = parts.get(2);
    assertEquals(one.length(), two.length()); // two files that are not compressed
    parts.set(1, new Part(one.offset(), one.length(), two.digest()));
    parts.set(2, new Part(two.offset(), two.length(), one.digest()));
    byte[] lie = new BlockIndex(honest.imageSha512(), parts).bytes();
    String index = Files.readString(mirror.resolve("sha512sum.txt"));
    String digest = Sha512.of(Files.readAllBytes(file));
    Files.delete(file);
    Files.write(file, lie);
    Files.writeString(mirror.resolve("sha512sum.txt"), index.replace(digest, Sha512.of(lie)));
    assertEquals(Way.FULL, sync(server.uri()).way());
    assertTrue(heard.warnings.getLast().contains("put together by it"), "" + heard.warnings);
  }

  private void write(int file, long seed) throws Exception {
    byte[] noise = new byte[50_000];
    new Random(seed).nextBytes(noise);
    Files.write(tree.resolve("file-%03d".formatted(file)), noise);
  }

  private void publish(String version) throws Exception {
    PublishRequest all = PublishRequest.of(tree, new Snapshot("demo", version), mirror);
    PublishRequest request =
        new PublishRequest(
            all.tree(),
            all.snapshot(),
            all.mirror(),
            all.image(),
            new DeltaOptions(0, 0.7, 8),
            all.retention(),
            all.signing(),
            all.oldKey(),
            all.postProcess());
    new Publisher(Posix.system(), Clock.systemUTC()).publish(request, PublishListener.NONE);
  }

  private SyncResult sync(URI uri) throws Exception {
    RepositoryConfig config =
        new RepositoryConfig(
            "demo",
            Optional.empty(),
            List.of(uri),
            true,
            Verification.NO,
            Optional.empty(),
            store.directory(),
            Optional.empty());
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      return engine.sync(config, heard);
    }
  }
}
