package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The mount table")
class MountTableTest {
  @TempDir Path directory;

  private static final String TEXT =
      """
      21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw,errors=remount-ro
      40 21 0:35 / /mnt/a\\040b\\134\\011c rw,nosuid - fuse.strata my\\040image.sqfs ro,user_id=0
      41 21 0:36 / /mnt/x rw master:3 propagate_from:2 - tmpfs none rw
      42 41 0:37 / /mnt/x ro - fuse.strata guru ro
      43 42 0:38 / /mnt/x/inside rw - overlay none rw,lowerdir=/l,upperdir=/u,workdir=/w
      44 21 0:39 / /mnt/xyz rw - tmpfs none rw
      no line at all
      """;

  private final MountTable table = MountTable.parse(TEXT);

  @Test
  @DisplayName("has every mount, and passes over a line that is none")
  void lines() {
    assertEquals(6, table.mounts().size());
  }

  @Test
  @DisplayName("undoes the kernel's octal escapes of space, backslash and tab")
  void escapes() {
    MountPoint mount = table.at("/mnt/a b\\\tc").orElseThrow();
    assertEquals("my image.sqfs", mount.source());
    assertEquals("0:35", mount.device());
    assertEquals("ro,user_id=0", mount.superOptions());
    assertTrue(mount.isStrata());
  }

  @Test
  @DisplayName("leaves alone a backslash that begins no escape")
  void notEscapes() {
    assertEquals("a\\9b\\01", MountPoint.unescape("a\\9b\\01"));
    assertEquals("\\400", MountPoint.unescape("\\400"));
    assertEquals("#", MountPoint.unescape("\\043"));
  }

  @Test
  @DisplayName("gives the topmost of several mounts at one place")
  void stacked() {
    assertEquals(42, table.at("/mnt/x").orElseThrow().id());
  }

  @Test
  @DisplayName("lists what lies inside a mount, and not what only begins with its name")
  void inside() {
    assertEquals(
        List.of("/mnt/x/inside"), table.inside("/mnt/x").stream().map(MountPoint::path).toList());
  }

  @Test
  @DisplayName("skips the optional fields, however many there are")
  void optionalFields() {
    assertEquals("tmpfs", table.mounts().get(2).type());
    assertEquals("/dev/root", table.mounts().get(0).source());
    assertFalse(table.mounts().get(0).isStrata());
  }

  @Test
  @DisplayName("finds a mount by a symbolic link and by a path with dots")
  void otherNames() throws Exception {
    Path real = Files.createDirectory(directory.resolve("real")).toRealPath();
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    MountTable one = MountTable.parse("1 0 0:1 / " + real + " rw - fuse.strata x rw\n");
    assertTrue(one.find(link).isPresent());
    assertTrue(one.find(real.resolve("../real/.")).isPresent());
    assertTrue(one.find(real.resolve("missing")).isEmpty());
  }

  @Test
  @DisplayName("of this machine can be read and has a root")
  void real() throws Exception {
    assertTrue(MountTable.read().at("/").isPresent());
  }
}
