package io.strata.mount;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.OwnMounts;
import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Strata is installed into a directory, without the checkout, and its mount helpers into the /sbin
 * of a mount namespace that only the test is in.
 */
@DisplayName("An installed Strata")
class FstabIT extends MountFixture {
  private @Nullable Process namespace;
  private Path prefix = Path.of("");
  private Path sbin = Path.of("");
  private Path fstab = Path.of("");

  @BeforeEach
  void install() throws Exception {
    ImageTools.needs("nsenter");
    prefix = directory.resolve("usr");
    fstab = directory.resolve("fstab");
    sbin = Path.of("/sbin").toRealPath();
    namespace = newNamespace();
    setup("strata_install").expect(0);
  }

  // What can be written to lies on tmpfs: an overlay can't be the upper layer of another.
  private Process newNamespace() throws Exception {
    String script =
        String.join(
            " && ",
            OwnMounts.ALONE,
            "mkdir -p /run/strata %1$s/over",
            "mount -t tmpfs none /run/strata",
            "mount -t tmpfs none %1$s/over",
            "mkdir %1$s/over/upper %1$s/over/work",
            "mount -t overlay none %2$s"
                + " -o lowerdir=%2$s,upperdir=%1$s/over/upper,workdir=%1$s/over/work",
            "mknod -m 666 %1$s/fuse c 10 229",
            "mount --bind %1$s/fuse /dev/fuse",
            "echo ready",
            "exec sleep 600");
    Process process =
        new ProcessBuilder("unshare", "--mount", "sh", "-c", script.formatted(directory, sbin))
            .redirectErrorStream(true)
            .start();
    assertEquals("ready", process.inputReader().readLine());
    return process;
  }

  @AfterEach
  void leave() throws Exception {
    if (namespace != null) {
      for (MountPoint mount : table().mounts()) {
        if (mount.isStrata()) {
          run("umount", "-l", mount.path());
        }
      }
      namespace.destroy();
      namespace.waitFor();
    }
  }

  private long pid() {
    return requireNonNull(namespace).pid();
  }

  private MountTable table() throws IOException {
    Path file = Path.of("/proc/" + pid() + "/mountinfo");
    return MountTable.parse(Texts.read(file, StandardCharsets.UTF_8));
  }

  @Override
  Optional<MountPoint> mounted() throws IOException {
    return namespace == null || !namespace.isAlive()
        ? Optional.empty()
        : table().at(mountPoint.toString());
  }

  private Strata.Outcome run(String... command) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(pid()), "-m", "--"));
    words.addAll(List.of(command));
    return strata.run(words);
  }

  // From what mvn package has made; the class archive is scripts/strata's affair.
  private Strata.Outcome setup(String step) throws Exception {
    String script =
        "set -e; strata_home=$PWD; JAVA_HOME=%s; PREFIX=%s; . scripts/lib/install.sh; %s"
            .formatted(System.getProperty("java.home"), prefix, step);
    String here = Path.of("").toAbsolutePath().toString();
    return run("sh", "-c", "cd '" + here + "' && " + script);
  }

  private String program() {
    return prefix.resolve("bin/strata").toString();
  }

  private String read(String name) throws Exception {
    return run("cat", mountPoint.resolve(name).toString()).expect(0).out();
  }

  private void fstab(String... lines) throws IOException {
    Files.writeString(fstab, String.join("\n", lines) + "\n");
  }

  private void assertUnmounts() throws Exception {
    run("umount", mountPoint.toString()).expect(0);
    assertTrue(mounted().isEmpty(), "still mounted");
  }

  @ParameterizedTest
  @DisplayName("mounts for mount(8), and is shown by findmnt")
  @ValueSource(strings = {"fuse.strata", "strata"})
  void mount8(String type) throws Exception {
    run("mount", "-t", type, image.toString(), mountPoint.toString(), "-o", "uid=7,nosuid")
        .expect(0);
    assertEquals("one", read("word"));
    String shown =
        run("findmnt", "-rno", "SOURCE,FSTYPE,OPTIONS", mountPoint.toString()).expect(0).out();
    assertTrue(shown.startsWith(image + " fuse.strata ro,nosuid,"), shown);
    assertEquals("7\n", run("stat", "-c", "%u", mountPoint + "/word").expect(0).out());
    assertUnmounts();
  }

  @Test
  @DisplayName("mounts what fstab says, by its mount point and with all the rest")
  void fstab() throws Exception {
    Path second = Files.createDirectory(directory.resolve("second mount"));
    fstab(
        image + " " + mountPoint + " fuse.strata nofail,noauto,x-systemd.automount,subdir=sub 0 0",
        image + " " + second.toString().replace(" ", "\\040") + " strata _netdev,ro,noexec 0 0",
        "/nowhere.sqfs " + directory + "/none strata nofail 0 0");
    run("mount", "-T", fstab.toString(), mountPoint.toString()).expect(0);
    assertEquals("", run("ls", mountPoint.toString()).expect(0).out());
    assertUnmounts();
    run("mount", "-a", "-T", fstab.toString()).expect(0);
    assertTrue(mounted().isEmpty(), "mounted in spite of noauto");
    assertEquals("one", run("cat", second + "/word").expect(0).out());
    run("mount", "-a", "-T", fstab.toString()).expect(0); // it sees that they are mounted
    run("umount", second.toString()).expect(0);
  }

  @Test
  @DisplayName("mounts with an upper layer that fstab names, which takes changes")
  void union() throws Exception {
    Path upper = directory.resolve("upper");
    fstab(image + " " + mountPoint + " fuse.strata upper=" + upper + " 0 0");
    run("mount", "-T", fstab.toString(), mountPoint.toString()).expect(0);
    run("sh", "-c", "echo changed > " + mountPoint + "/word").expect(0);
    assertUnmounts();
    assertEquals("changed\n", Files.readString(upper.resolve("word")));
  }

  @Test
  @DisplayName("mounts at an offset, through the loop device that mount(8) makes and without")
  void offset() throws Exception {
    Path wrapped = directory.resolve("wrapped");
    Files.write(wrapped, new byte[4096]);
    Strata.tool("sh", "-c", "cat '%s' '%s' >> '%s'".formatted(image, image, wrapped));
    for (String option : List.of("offset=4096", "fsoffset=4096", "ro")) {
      run("mount", "-t", "strata", "-o", option, wrapped.toString(), mountPoint.toString())
          .expect(0);
      assertEquals("one", read("word"));
      String source = mounted().orElseThrow().source();
      assertEquals(option.startsWith("offset"), source.startsWith("/dev/loop"), source);
      assertUnmounts();
    }
    assertEquals("", run("losetup", "-j", wrapped.toString()).out());
  }

  @Test
  @DisplayName("mounts a repository by its name")
  void repository() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));
    Files.copy(image, cache.resolve("some-1.sqfs"));
    Files.createSymbolicLink(cache.resolve("some-current.sqfs"), Path.of("some-1.sqfs"));
    Path config = directory.resolve("repos.conf");
    Files.writeString(
        config,
        String.join(
            "\n",
            "[some]",
            "location = " + mountPoint,
            "sync-type = squashdelta",
            "sync-uri = http://localhost/",
            "openpgp-verify = no",
            "sync-squashdelta-cache = " + cache,
            ""));
    fstab("some " + mountPoint + " fuse.strata defaults 0 0");
    String mount = "STRATA_CONFIG=" + config + " mount -T " + fstab + " " + mountPoint;
    run("sh", "-c", mount).expect(0);
    assertEquals("one", read("word"));
    assertEquals("some", mounted().orElseThrow().source());
    assertUnmounts();
  }

  @Test
  @DisplayName("mounts for a user whom fstab lets, who may unmount it")
  void user() throws Exception {
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setAttribute(mountPoint, "unix:uid", 65534);
    fstab(image + " " + mountPoint + " fuse.strata user,noauto,timeout=600 0 0");
    String[] nobody = {
      "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "HOME=/nonexistent"
    };
    List<String> mount = new ArrayList<>(List.of(nobody));
    mount.addAll(List.of("mount", "-T", fstab.toString(), mountPoint.toString()));
    run(mount.toArray(String[]::new)).expect(0);
    List<String> cat = new ArrayList<>(List.of(nobody));
    cat.addAll(List.of("cat", mountPoint + "/word"));
    assertEquals("one", run(cat.toArray(String[]::new)).expect(0).out());
    String options = mounted().orElseThrow().options();
    assertTrue(options.contains("nosuid,nodev,noexec"), options);
    List<String> unmount = new ArrayList<>(List.of(nobody));
    unmount.addAll(List.of("umount", mountPoint.toString()));
    run(unmount.toArray(String[]::new)).expect(0);
    assertTrue(mounted().isEmpty(), "still mounted");
  }

  @Test
  @DisplayName("makes a mount read-only and writable again by remount")
  void remount() throws Exception {
    String place = mountPoint.toString();
    Path upper = directory.resolve("upper");
    String words = "lowerdir=" + directory.resolve("first.tree") + ",upperdir=" + upper;
    run("mount", "-t", "fuse.strata", "strata", place, "-o", "noatime", "-o" + words).expect(0);
    assertEquals("strata", mounted().orElseThrow().source());
    run("mount", "-o", "remount,ro", place).expect(0);
    run("touch", place + "/new").expect(1).says("Read-only file system");
    assertTrue(mounted().orElseThrow().options().contains("noatime"), "noatime was lost");
    run("mount", "-o", "remount,rw", place).expect(0);
    run("touch", place + "/new").expect(0);
    assertTrue(Files.exists(upper.resolve("new")));
    assertUnmounts();
  }

  @Test
  @DisplayName("fails with the exit codes of mount(8), and one line")
  void failures() throws Exception {
    String source = image.toString();
    String place = mountPoint.toString();
    run("mount", "-t", "strata", source, place, "-o", "frobnicate").expect(1).says("frobnicate");
    run("mount", "-s", "-t", "strata", source, place, "-o", "frobnicate").expect(0);
    run("mount", "-t", "strata", source, place).expect(32).says("already mounted");
    assertUnmounts();
    run("mount", "-t", "strata", "/nowhere.sqfs", place).expect(32).says("no such image");
    run("mount", "-f", "-t", "strata", source, place).expect(0);
    assertTrue(mounted().isEmpty(), "mounted by mount -f");
    String helper = "/sbin/mount.fuse.strata";
    run(helper, source).expect(1).says("SOURCE and DIRECTORY");
    run(helper, source, place, "-t", "ext4").expect(1).says("ext4");
    run(helper, source, place, "-sn", "-o", "rw,uid=3,rw,gid=4,rw", "-t", "fuse.strata").expect(0);
    assertEquals("3 4\n", run("stat", "-c", "%u %g", place + "/word").expect(0).out());
    assertUnmounts();
  }

  @Test
  @DisplayName("goes without a trace when it is uninstalled, and leaves what is another's")
  void uninstall() throws Exception {
    run(program(), "--version").expect(0);
    assertTrue(run("ls", "-l", program()).out().contains("../lib/strata/"));
    run("ln", "-sfn", "/bin/true", "/sbin/mount.strata").expect(0);
    setup("strata_uninstall").expect(0);
    assertFalse(Files.exists(prefix.resolve("lib/strata")));
    run("test", "-e", "/sbin/mount.fuse.strata").expect(1);
    run("test", "-e", "/sbin/mount.strata").expect(0);
    try (var left = Files.walk(prefix)) {
      assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
    }
  }
}
