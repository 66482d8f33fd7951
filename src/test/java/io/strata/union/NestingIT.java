package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Other mounts on a union")
class NestingIT {
  private static final String LOWER =
      """
      mkdir -p d/sub e old bin; for i in 1 2 3; do echo $i > d/f$i; done; echo deep > d/sub/x
      echo hard > h1; ln h1 h2; ln h1 d/h3; ln -s d link
      """;

  @TempDir Path directory;

  private Path image;

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    ImageTools.run("make", "-s", "-C", "native-tests");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    shell(tree, LOWER);
    Files.copy(Path.of("native-tests/build/nothing"), tree.resolve("bin/nothing"));
    tree.resolve("bin/nothing").toFile().setExecutable(true);
    image = ImageTools.mksquashfs(tree, directory.resolve("image"), "-comp", "zstd");
    shell(directory, "mkdir on up work2");
  }

  private static void shell(Path where, String commands) throws Exception {
    ImageTools.run("bash", "-ec", "cd " + where + "\n" + commands);
  }

  /** Runs each of these in {@link #directory}, where the union is mnt, over a mount of its own. */
  private void onUnion(String... scripts) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      for (String script : scripts) {
        try (UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
          assertEquals(directory.resolve("mnt"), union.path());
          shell(directory, script);
        }
      }
    }
  }

  private static final String CHANGE_OVERLAY =
      """
      trap 'umount on' EXIT
      test "$(cat on/h1)" = hard; echo more >> on/h1; chmod 600 on/d/f3
      rm -r on/e; mkdir on/e; echo new > on/e/new; rm on/d/f1; mkdir on/d/f1
      mv on/d on/D 2> /dev/null || cp -a on/d on/D
      ln on/h1 on/h4; rm on/h2
      """;

  private static final String CHECK_OVERLAY =
      """
      trap 'umount on' EXIT
      test "$(cat on/h1)" = "hard"$'\\n'more; test "$(cat on/h4)" = "hard"$'\\n'more
      test -d on/D/f1; test "$(cat on/D/f2)" = 2; test "$(stat -c %a on/D/f3)" = 600
      test "$(ls on/e)" = new; test "$(cat on/D/sub/x)" = deep; test ! -e on/h2
      """;

  private static String overlay(String lower, String upper, String work, String options) {
    String layers = "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, upper, work);
    return "mount -t overlay o on -o " + layers + options + "\n";
  }

  @ParameterizedTest(name = "options {0}")
  @DisplayName("it serves as lower of kernel overlayfs")
  @ValueSource(
      strings = {
        "",
        ",redirect_dir=on,index=on,metacopy=on",
        ",index=on,nfs_export=on",
        ",xino=on"
      })
  void asLower(String options) throws Exception {
    String mount = overlay("mnt", "up", "work2", options);
    onUnion("echo 3 > mnt/d/f3; " + mount + CHANGE_OVERLAY, mount + CHECK_OVERLAY);
  }

  @ParameterizedTest(name = "options {0}")
  @DisplayName("it serves as upper of kernel overlayfs")
  @ValueSource(
      strings = {
        "",
        ",redirect_dir=on,index=on,metacopy=on",
        ",index=on,nfs_export=on",
        ",userxattr"
      })
  void asUpper(String options) throws Exception {
    String mount = overlay("tree", "mnt/U", "mnt/W", options);
    onUnion(
        "mkdir mnt/U mnt/W; " + mount + CHANGE_OVERLAY,
        mount + CHECK_OVERLAY,
        "rm -r mnt/U mnt/W; test ! -e mnt/U");
  }

  @Test
  @DisplayName("it serves an overlayfs inside a user namespace, as lower and as upper")
  void inUserNamespace() throws Exception {
    shell(directory, "mkdir up2; chown 65534:65534 on up2 work2; chmod 755 .");
    String script =
        """
        mkdir -p mnt/U mnt/W; chown 65534:65534 mnt/U mnt/W mnt/d mnt/d/f1
        cat > script <<'END'
        set -e
        mount -t overlay o on -o lowerdir=mnt/d,upperdir=mnt/U,workdir=mnt/W,userxattr
        echo more >> on/f1; rm on/f2; mkdir on/f2; test -d on/f2; test "$(cat on/sub/x)" = deep
        umount on; test -e mnt/U/f1
        mount -t overlay o on -o lowerdir=mnt/d,upperdir=up2,workdir=work2,userxattr
        echo more >> on/f1; rm on/f2; test ! -e on/f2; test "$(cat on/f3)" = 3
        umount on; test -e up2/f1
        END
        setpriv --reuid 65534 --regid 65534 --clear-groups unshare -Urm bash script
        """;
    onUnion(script);
  }

  @Test
  @DisplayName("it is the place of loop images, new ones and lower ones")
  void loop() throws Exception {
    shell(directory, "truncate -s 16M tree/ext4; mkfs.ext4 -q tree/ext4");
    image = ImageTools.mksquashfs(directory.resolve("tree"), directory.resolve("image2"));
    String script =
        """
        truncate -s 16M mnt/new; mkfs.ext4 -q mnt/new
        for i in new ext4; do
          mount -o loop mnt/$i on; head -c 4M /dev/urandom | tee on/r > $i.r; umount on
          mount -o loop mnt/$i on; cmp on/r $i.r; umount on; fsck.ext4 -fn mnt/$i
        done
        """;
    onUnion(
        script, "for i in new ext4; do mount -o loop mnt/$i on; cmp on/r $i.r; umount on; done");
  }

  @Test
  @DisplayName("it takes bind mounts, and is entered by pivot_root")
  void pivotRoot() throws Exception {
    String script =
        """
        cat > script <<'END'
        set -e
        mount --bind mnt/d on; echo bound > on/bound; umount on; test "$(cat mnt/d/bound)" = bound
        mount --bind tree/d mnt/e; test -e mnt/e/f1; umount mnt/e
        mount --bind tree/h1 mnt/h1; umount mnt/h1
        mount --bind mnt mnt; cd mnt; pivot_root . old
        code=0; /bin/nothing || code=$?; echo $code > /code; cd /; echo d/*
        test -d /old/proc; exit 0
        END
        test "$(unshare -m bash script)" = "d/bound d/f1 d/f2 d/f3 d/h3 d/sub"
        test "$(cat mnt/code)" = 42
        """;
    onUnion(script, "grep -q bound mnt/d/bound");
  }
}
