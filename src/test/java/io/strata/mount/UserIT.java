package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An ordinary user")
class UserIT extends UserFixture {
  @Test
  @DisplayName("mounts through fusermount3 for himself alone, and unmounts")
  void wholeLife() throws Exception {
    user.run("mount", image, mountPoint).expect(0);
    String word = mountPoint.resolve("word").toString();
    assertEquals("one", asUser("cat", word).expect(0).out());
    assertTrue(asRoot("cat", word).code() != 0, "root could enter");
    assertEquals(runtime.resolve("strata"), entry().plan().log().getParent());
    String status = user.run("status").expect(0).out();
    assertTrue(status.contains(mountPoint + ": serving"), status);
    user.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("mounts a directory of an image as his own, until nobody uses it")
  void options() throws Exception {
    String words = "ro,uid=" + NOBODY + ",gid=nogroup,subdir=/,timeout=2,nosuid,dev,user,nofail";
    user.run("mount", image, mountPoint, "-o", words).expect(0);
    String stat = asUser("stat", "-c", "%u:%G", mountPoint + "/word").expect(0).out();
    assertEquals(NOBODY + ":nogroup\n", stat);
    String options = mounted().orElseThrow().options();
    assertTrue(options.startsWith("ro,nosuid,nodev"), options);
    long pid = entry().pid();
    awaitEnd(pid);
    assertNothingLeft();
  }

  @Test
  @DisplayName("lets others in only where the administrator lets him")
  void allowOther() throws Exception {
    user.run("mount", image, mountPoint, "-o", "allow_other")
        .expect(7)
        .says("user_allow_other", "/etc/fuse.conf");
    Path config = Files.writeString(directory.resolve("fuse.conf"), "user_allow_other\n");
    asRoot("mount", "--bind", config.toString(), "/etc/fuse.conf").expect(0);
    user.run("mount", image, mountPoint, "-o", "allow_other").expect(0);
    assertEquals("one", asRoot("cat", mountPoint.resolve("word").toString()).expect(0).out());
    user.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("hears who keeps the mount busy")
  void busy() throws Exception {
    user.run("mount", image, mountPoint).expect(0);
    String stay = "cd " + mountPoint + " && echo in && exec sleep 60";
    List<String> command = List.of(words(inside(), AS_NOBODY));
    Process inside = new ProcessBuilder(words(command, List.of("sh", "-c", stay))).start();
    try {
      assertEquals('i', inside.getInputStream().read());
      user.run("umount", mountPoint).expect(8).says("(pid " + inside.pid() + ")");
    } finally {
      inside.destroy();
      inside.waitFor();
    }
    user.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("cleans up the mount of his server that was killed")
  void killed() throws Exception {
    user.run("mount", image, mountPoint).expect(0);
    Strata.tool("kill", "-9", Long.toString(entry().pid()));
    awaitEnd(entry().pid());
    user.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @Test
  @DisplayName("learns that fusermount3 is missing, and how to come by it")
  void noFusermount() throws Exception {
    user.with("PATH", runtime.toString())
        .run("mount", image, mountPoint)
        .expect(7)
        .says("fusermount3", "fuse3");
    assertNothingLeft();
  }

  @Test
  @DisplayName("can't write to an upper that is another's")
  void foreignUpper() throws Exception {
    Path upper = Files.createDirectory(directory.resolve("upper"));
    Files.setPosixFilePermissions(upper, PosixFilePermissions.fromString("rwxr-xr-x"));
    user.run("mount", image, mountPoint, "--upper", upper, "--work", runtime.resolve("work"))
        .expect(10)
        .says("not writable");
    user.run("mount", image, mountPoint, "--upper", directory.resolve("new"))
        .expect(10)
        .says("permission denied");
    assertNothingLeft();
  }
}
