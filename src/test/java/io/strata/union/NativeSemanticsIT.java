package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.TestData;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The programs of native-tests on a union")
class NativeSemanticsIT {
  @TempDir Path directory;

  private Path image;

  @BeforeEach
  void build() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    ImageTools.run(
        "make", "-s", "-C", "native-tests/union", "BUILD=" + directory.resolve("programs"));
    Path lower = Files.createDirectories(directory.resolve("tree/lower/d"));
    Files.writeString(lower.resolve("file"), "in a directory\n");
    for (String name : List.of("a", "b", "c", "f")) {
      Files.writeString(lower.resolveSibling(name), "hello\n");
    }
    image = ImageTools.mksquashfs(directory.resolve("tree"), directory.resolve("image"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"openfiles", "names", "owners"})
  void succeeds(String program) throws Exception {
    try (SquashFsImage opened = SquashFsImage.open(image);
        UnionMount union = UnionMount.of(directory, List.of(new LowerLayer.Image(opened)))) {
      String path = directory.resolve("programs/" + program).toString();
      ImageTools.run(path, union.path().toString());
    }
    try (var left = Files.list(directory.resolve("work/work"))) {
      assertEquals(List.of(), left.toList(), "nothing stays in the work directory");
    }
  }
}
