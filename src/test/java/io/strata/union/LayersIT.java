package io.strata.union;

import static io.strata.compare.Aspect.DIRECTORY_SIZE;
import static io.strata.compare.Aspect.INODE_NUMBER;
import static io.strata.compare.Aspect.LINK_COUNT;
import static io.strata.compare.Aspect.MODIFY_TIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.TestData;
import io.strata.compare.TreeComparison;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each layer is the upper of a kernel overlayfs over the ones before, in which something was made,
 * moved and removed; so there are whiteouts, opaque directories and redirects between them.
 */
@DisplayName("Many lower layers show what kernel overlayfs shows of them")
class LayersIT {
  private static final int CHANGES = 20;
  private static final int EACH_AN_IMAGE = 7;

  @TempDir Path directory;

  private final Random random = new Random(7);
  private Path overlay;

  @BeforeEach
  void build() throws IOException {
    TestData.needsRoot();
    TestData.needsFuse();
    overlay = Files.createDirectory(directory.resolve("overlay"));
  }

  private void shell(String commands) throws Exception {
    ImageTools.run("bash", "-ec", "cd " + directory + "; " + commands);
  }

  /** The names of the layers, which are numbers, topmost first. */
  private static String lowers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Integer.toString(count - 1 - i))
        .collect(Collectors.joining(":"));
  }

  private void makeLayers(int count) throws Exception {
    LowerTree.make(Files.createDirectory(directory.resolve("0")));
    for (int i = 1; i < count; i++) {
      shell("mkdir %d work".formatted(i));
      String options = "redirect_dir=on,lowerdir=%s,upperdir=%d,workdir=work";
      shell("mount -t overlay o overlay -o " + options.formatted(lowers(i), i));
      try {
        change(count);
      } finally {
        shell("umount overlay; rm -rf work");
      }
    }
  }

  private void change(int layers) throws Exception {
    for (int i = 0; i < CHANGES; i++) {
      List<Path> all;
      try (var files = Files.walk(overlay)) {
        all = files.skip(1).limit(2000).toList();
      }
      Path one = all.get(random.nextInt(all.size()));
      Path other = all.get(random.nextInt(all.size()));
      try {
        change(one, other.resolveSibling("n" + random.nextInt(layers + 5)));
      } catch (IOException e) {
        continue; // some things can't be done
      }
    }
  }

  private void change(Path one, Path fresh) throws Exception {
    switch (random.nextInt(7)) {
      case 0 -> Files.createDirectory(fresh);
      case 1 -> Files.writeString(fresh, fresh.toString());
      case 2, 3 -> Files.move(one, fresh);
      case 4 -> Files.delete(one);
      case 5 -> {
        if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) && random.nextInt(3) == 0) {
          ImageTools.run("rm", "-rf", "--", one.toString());
          Files.createDirectory(one);
        }
      }
      default -> Files.writeString(one, "more", StandardOpenOption.APPEND);
    }
  }

  @ParameterizedTest(name = "{0}, images and directories mixed")
  @ValueSource(ints = {1, 2, 8, 100})
  void layers(int count) throws Exception {
    makeLayers(count);
    List<SquashFsImage> images = new ArrayList<>();
    List<LowerLayer> lowers = new ArrayList<>();
    try {
      for (int i = count - 1; i >= 0; i--) {
        Path layer = directory.resolve(Integer.toString(i));
        if (i % EACH_AN_IMAGE == 1) {
          Path image = ImageTools.mksquashfs(layer, directory.resolve(i + ".sqfs"), "-comp", "lz4");
          images.add(SquashFsImage.open(image));
          lowers.add(new LowerLayer.Image(images.getLast()));
        } else {
          lowers.add(new LowerLayer.Directory(layer));
        }
      }
      compare(count, lowers);
    } finally {
      images.forEach(SquashFsImage::close);
    }
  }

  /** Images have whole seconds; what is in the upper is nothing to compare. */
  private void compare(int count, List<LowerLayer> lowers) throws Exception {
    shell(
        "mkdir up work; mount -t overlay o overlay -o lowerdir=%s,upperdir=up,workdir=work"
            .formatted(lowers(count)));
    try (UnionMount union = UnionMount.of(Files.createDirectory(directory.resolve("u")), lowers)) {
      TreeComparison.Result result =
          TreeComparison.of(overlay, union.path())
              .without(INODE_NUMBER, DIRECTORY_SIZE, LINK_COUNT, MODIFY_TIME)
              .run();
      assertEquals(List.of(), result.differences());
      assertTrue(result.entries() > 10, () -> "entries: " + result.entries());
      ImageTools.run("rm", "-rf", "--", union.path().resolve("a").toString());
      shell("find u/mnt -mindepth 1 -delete");
      shell("test -z \"$(ls -A u/mnt)\"");
    } finally {
      shell("umount overlay");
    }
  }
}
