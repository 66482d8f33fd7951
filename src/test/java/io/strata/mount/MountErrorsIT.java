package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "A mount that can't be made says so in one line, with its exit code, and leaves nothing")
class MountErrorsIT extends MountFixture {
  @AfterEach
  void nothingLeft() throws Exception {
    assertNothingLeft();
  }

  @Test
  @DisplayName("no such image, a directory around the mount point, a text file")
  void notAnImage() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "hello\n".repeat(100));
    strata.run("mount", directory.resolve("none"), mountPoint).expect(6).says("no such image");
    strata.run("mount", directory, mountPoint).expect(7).says("holds the mount point");
    strata.run("mount", text, mountPoint).expect(6).says(text.toString(), "not a SquashFS image");
  }

  @Test
  @DisplayName("a directory of which only a part is wanted, or with other owners")
  void directory() throws Exception {
    Path tree = directory.resolve("first.tree");
    strata.run("mount", tree, mountPoint, "-o", "subdir=sub").expect(1).says(tree + ": ");
    strata.run("mount", tree, mountPoint, "-o", "uid=3").expect(1).says(tree + ": ");
    strata.run("mount", "x", mountPoint, "-o", "lowerdir=/a:::/b").expect(1).says("without a name");
    strata.run("mount", "x", mountPoint, "-o", "lowerdir=/a,index=no").expect(1).says("on, off");
  }

  @Test
  @DisplayName("an empty file, by name as with the offset given")
  void empty() throws Exception {
    Path empty = Files.createFile(directory.resolve("empty"));
    strata.run("mount", empty, mountPoint).expect(6).says(empty + ": ", "the file is empty");
    strata.run("mount", empty, mountPoint, "-o", "offset=0").expect(6).says(empty + ": ");
  }

  @Test
  @DisplayName("an image that was cut off, anywhere")
  void truncated() throws Exception {
    byte[] whole = Files.readAllBytes(image);
    for (int length : new int[] {0, 50, 96, whole.length / 2}) {
      Path cut = directory.resolve("cut");
      Files.write(cut, Arrays.copyOf(whole, length));
      strata.run("mount", cut, mountPoint).expect(6).says(cut.toString(), "superblock");
    }
  }

  @Test
  @DisplayName("an unknown repository")
  void unknownRepository() throws Exception {
    Path config = Files.writeString(directory.resolve("repos.conf"), "[DEFAULT]\n");
    strata
        .run("mount", "nosuch", mountPoint, "--config", config)
        .expect(1)
        .says("nosuch", config.toString());
  }

  @Test
  @DisplayName("a repository that was never synced")
  void neverSynced() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("repos.conf"),
            "[guru]\nlocation = "
                + mountPoint
                + "\nsync-type = squashdelta\n"
                + "sync-uri = file:///none/\nopenpgp-verify = no\nsync-squashdelta-cache = "
                + directory.resolve("cache")
                + "\n");
    strata.run("mount", "guru", "--config", config).expect(7).says("guru", "strata sync guru");
  }

  @Test
  @DisplayName("a mount point that is missing, a file, or not empty")
  void mountPoints() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    strata.run("mount", image, directory.resolve("none")).expect(7).says("no such directory");
    strata.run("mount", image, file).expect(7).says("not a directory");
    Files.writeString(mountPoint.resolve("x"), "");
    strata.run("mount", image, mountPoint).expect(7).says("not empty", "-o nonempty");
    strata.run("mount", image, mountPoint, "-o", "nonempty").expect(0);
    strata.run("umount", mountPoint).expect(0);
  }

  @Test
  @DisplayName("a mount point where Strata has mounted already")
  void alreadyMounted() throws Exception {
    mount();
    String pid = "pid " + entry().pid();
    strata.run("mount", image, mountPoint).expect(7).says("already mounted", pid);
    strata.run("umount", mountPoint).expect(0);
  }

  @Test
  @DisplayName("options that are unknown or make no sense")
  void options() throws Exception {
    strata.run("mount", image, mountPoint, "-o", "ro,frob").expect(1).says("frob");
    strata.run("mount", image, mountPoint, "-o", "rw").expect(1).says("--upper");
    strata.run("mount", image, mountPoint, "--work", directory).expect(1).says("--upper");
    strata.run("mount", image, mountPoint, "--threads", "65").expect(1).says("--threads");
    strata.run("mount", image).expect(1).says("MOUNTPOINT");
  }

  @Test
  @DisplayName("a mount point or layer that lies in another layer by way of a bind mount")
  void insideByBindMount() throws Exception {
    Path upper = Files.createDirectory(directory.resolve("holder"));
    Files.createDirectory(upper.resolve("sub"));
    Path alias = Files.createDirectory(directory.resolve("alias"));
    Strata.tool("mount", "--bind", upper.resolve("sub").toString(), alias.toString());
    try {
      Path inside = Files.createDirectory(alias.resolve("inside"));
      String says = "lies inside the mount point " + inside + ", through a bind mount";
      strata.run("mount", image, inside, "--upper", upper).expect(7).says("holds", "bind mount");
      strata.run("mount", image, inside, "--upper", upper.resolve("sub/inside/u")).says(says);
      strata
          .run("mount", image, mountPoint, "--upper", upper, "--work", inside)
          .expect(7)
          .says("bind mount");
      strata
          .run("mount", image, mountPoint, "--upper", inside, "--lower", upper)
          .expect(7)
          .says("bind mount");
      assertFalse(Files.exists(upper.resolve("sub/inside/u")), "a directory was left behind");
    } finally {
      Strata.tool("umount", alias.toString());
    }
  }

  @Test
  @DisplayName("an upper, work or lower inside the mount point, or holding it")
  void insideMountPoint() throws Exception {
    Path inside = mountPoint.resolve("upper");
    strata.run("mount", image, mountPoint, "--upper", inside).expect(7).says("lies inside");
    strata.run("mount", image, mountPoint, "--upper", directory).expect(7).says("holds");
    strata.run("mount", image, mountPoint, "--lower", directory).expect(7).says("holds");
    Path upper = directory.resolve("upper");
    strata
        .run("mount", image, mountPoint, "--upper", upper, "--work", inside)
        .expect(7)
        .says("lies inside");
    assertFalse(Files.exists(upper), "a directory was left behind");
  }

  @Test
  @DisplayName("a work directory within the upper, or on another file system")
  void work() throws Exception {
    Path upper = directory.resolve("upper");
    Path within = upper.resolve("work");
    strata
        .run("mount", image, mountPoint, "--upper", upper, "--work", within)
        .expect(7)
        .says("holds --work");
    Path other = Files.createDirectory(directory.resolve("other"));
    Strata.tool("mount", "-t", "tmpfs", "none", other.toString());
    try {
      strata
          .run("mount", image, mountPoint, "--upper", upper, "--work", other.resolve("work"))
          .expect(7)
          .says("another file system");
    } finally {
      Strata.tool("umount", other.toString());
    }
    assertFalse(Files.exists(upper), "a directory was left behind");
  }

  @Test
  @DisplayName("an upper that is no directory, or on a file system mounted read-only")
  void upper() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    strata.run("mount", image, mountPoint, "--upper", file).expect(7).says("not a directory");
    Path frozen = Files.createDirectory(directory.resolve("frozen"));
    Strata.tool("mount", "-t", "tmpfs", "-o", "ro", "none", frozen.toString());
    try {
      strata
          .run("mount", image, mountPoint, "--upper", frozen, "--work", directory.resolve("w"))
          .expect(10)
          .says("not writable");
      strata
          .run("mount", image, mountPoint, "--upper", frozen.resolve("upper"))
          .expect(10)
          .says("cannot be made", "Read-only file system");
    } finally {
      Strata.tool("umount", frozen.toString());
    }
    assertFalse(Files.exists(directory.resolve("w")), "a directory was left behind");
  }

  @Test
  @DisplayName("no /dev/fuse")
  void noDevice() throws Exception {
    Path devices = Files.createDirectory(directory.resolve("dev"));
    for (String device : List.of("null c 1 3", "zero c 1 5", "random c 1 8", "urandom c 1 9")) {
      String[] words = device.split(" ");
      String node = devices.resolve(words[0]).toString();
      Strata.tool("mknod", "-m", "666", node, words[1], words[2], words[3]);
    }
    String hide = "mount --bind " + devices + " /dev && exec \"$0\" \"$@\"";
    strata
        .behind("unshare", "--mount", "sh", "-c", hide)
        .run("mount", image, mountPoint)
        .expect(7)
        .says("/dev/fuse");
  }

  @Test
  @DisplayName("umount of what is not mounted, or none of Strata's")
  void umount() throws Exception {
    strata.run("umount", mountPoint).expect(7).says("nothing is mounted there");
    strata.run("umount", "/proc").expect(7).says("umount(8)");
    strata.run("umount", directory.resolve("none")).expect(7).says("nothing is mounted there");
  }
}
