package io.strata.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An ordinary user's mount with an upper layer")
class UserUnionIT extends UserFixture {
  private static final int FIRST_ID = 100_000;
  private static final String OVERRIDE = "user.containers.override_stat";

  private Path upper = Path.of("");
  private Path everything = Path.of("");
  private @Nullable Process userNamespace;

  @BeforeEach
  void build() throws Exception {
    upper = runtime.resolve("upper");
    Path tree = Files.createDirectory(directory.resolve("everything"));
    script(
        tree,
        """
        mkdir -p dir/sub; echo x > dir/x; echo small > small; chmod 4755 small
        head -c 600000 /dev/urandom > large; ln -s small link; mkfifo fifo; mknod device c 1 3
        echo mine > mine; chown 65534:65534 mine . dir; chown 5:6 dir/sub; chmod 2770 dir/sub
        """);
    everything = directory.resolve("everything.sqfs");
    Strata.tool("mksquashfs", tree.toString(), everything.toString(), "-quiet", "-no-progress");
    Path config = Files.writeString(directory.resolve("fuse.conf"), "user_allow_other\n");
    asRoot("mount", "--bind", config.toString(), "/etc/fuse.conf").expect(0);
  }

  @AfterEach
  void end() throws Exception {
    if (userNamespace != null) {
      userNamespace.destroy();
      userNamespace.waitFor();
    }
  }

  private static String script(Path in, String script) throws Exception {
    return Strata.tool("sh", "-ec", "umask 022; cd " + in + "\n" + script);
  }

  private Strata.Outcome byRoot(String script) throws Exception {
    return asRoot("sh", "-ec", "umask 022; cd " + mountPoint + "\n" + script);
  }

  private Strata.Outcome byUser(String script) throws Exception {
    return asUser("sh", "-ec", "umask 022; cd " + mountPoint + "\n" + script);
  }

  /** Each file, with all that stat(1) says that does not depend on the layer it is in. */
  private static final String ALL =
      """
      find . -exec stat -c '%n %F %a %u:%g %h %t:%T' {} + | sort
      find . -type f -exec md5sum {} + | sort
      """;

  private void mountAsUser() throws Exception {
    user.run("mount", everything, mountPoint, "--upper", upper, "-o", "allow_other").expect(0);
  }

  private String line(String name) throws Exception {
    return byRoot("stat -c '%F %a %u:%g %t:%T' " + name).expect(0).out().strip();
  }

  private static String override(Path file) throws Exception {
    byte[] value = (byte[]) Files.getAttribute(file, "user:" + OVERRIDE.substring(5));
    return new String(value, UTF_8);
  }

  @Test
  @DisplayName("shows of copied-up files what the image says, whoever they belong to")
  void copiedUp() throws Exception {
    mountAsUser();
    byUser(
            """
            mv small dir/s; mv fifo dir/f; mv device dir/d; mv dir/sub dir/sub2; mv large dir/large
            mv link l; echo more >> mine; chmod 600 mine
            """)
        .expect(0);
    assertEquals("regular file 4755 0:0 0:0", line("dir/s"));
    assertEquals("fifo 644 0:0 0:0", line("dir/f"));
    assertEquals("character special file 644 0:0 1:3", line("dir/d"));
    assertEquals("directory 2770 5:6 0:0", line("dir/sub2"));
    assertEquals("regular file 644 0:0 0:0", line("dir/large"));
    assertEquals("regular file 600 65534:65534 0:0", line("mine"));
    assertEquals("symbolic link 777 0:0 0:0", line("l"));
    assertEquals("0:0:4755:file", override(upper.resolve("dir/s")));
    assertEquals("0:0:0644:char-1-3", override(upper.resolve("dir/d")));
    assertEquals("5:6:2770:dir", override(upper.resolve("dir/sub2")));
    String mode = script(upper, "stat -c %a dir/s");
    assertEquals("755\n", mode, "the file itself is setuid to the user");
    assertSameEverywhere();
  }

  private void assertSameEverywhere() throws Exception {
    String before = byRoot(ALL).expect(0).out();
    String below = byRoot("cd dir\n" + ALL).expect(0).out();
    user.run("umount", mountPoint).expect(0);
    mountAsUser();
    assertEquals(before, byRoot(ALL).expect(0).out(), "after a remount");
    user.run("umount", mountPoint).expect(0);
    Strata root = strata.behind(words(inside(), List.of()));
    root.run("mount", everything, mountPoint, "--upper", upper).expect(0);
    try {
      assertEquals(before, byRoot(ALL).expect(0).out(), "mounted by root");
    } finally {
      root.run("umount", mountPoint).expect(0);
    }
    root.run("mount", image, mountPoint, "--lower", upper, "--lower", everything).expect(0);
    try {
      assertEquals(below, byRoot("cd dir\n" + ALL).expect(0).out(), "as a lower layer");
    } finally {
      root.run("umount", mountPoint).expect(0);
    }
  }

  @Test
  @DisplayName("shows what others do in it as if root served it")
  void othersWork() throws Exception {
    mountAsUser();
    byRoot(
            """
            chown 7:8 large mine dir; mknod b b 9 300; mkfifo p; mkdir d; chown 3 p; chmod 2775 d
            chgrp 44 d; echo r > d/f; mkdir d/d; chmod 6755 d/f; setfattr -n user.a -v b mine
            chmod 1777 .; touch -d @1000 b; ln -s x l; chown -h 5:6 l; chown -h 9 l; ln -s y k
            """)
        .expect(0);
    String other = "setpriv --reuid=20 --regid=21 --clear-groups sh -ec ";
    byRoot(
            other
                + "'umask 022; echo o > o; mkdir od; mkfifo op; chmod 4711 o; ln o o2; ln -s z ol'")
        .expect(0);
    assertEquals("regular file 644 7:8 0:0", line("large"));
    assertEquals("block special file 644 0:0 9:12c", line("b"));
    assertEquals("fifo 644 3:0 0:0", line("p"));
    assertEquals("directory 2775 0:44 0:0", line("d"));
    assertEquals("regular file 6755 0:44 0:0", line("d/f"));
    assertEquals("directory 2755 0:44 0:0", line("d/d"));
    assertEquals("regular file 4711 20:21 0:0", line("o2"));
    assertEquals("fifo 644 20:21 0:0", line("op"));
    assertEquals("directory 755 20:21 0:0", line("od"));
    assertEquals("symbolic link 777 9:6 0:0", line("l"));
    assertEquals("symbolic link 777 0:0 0:0", line("k"));
    assertEquals("symbolic link 777 20:21 0:0", line("ol"));
    byRoot("ln k k2; mv -T ol k2; ln -s o gone; rm gone k; mv l od").expect(0);
    assertEquals("directory 1777 65534:65534 0:0", line("."));
    String attributes = byRoot("getfattr -d -m - . mine d o").expect(0).out();
    assertFalse(attributes.contains("override") || attributes.contains("overlay"), attributes);
    assertTrue(byRoot("setfattr -n " + OVERRIDE + " -v 0:0:0777 mine").code() != 0);
    byUser("echo x > inside; rm inside; mkdir -p n/m; rmdir n/m n").expect(0);
    assertTrue(byUser("echo x >> d/f").code() != 0, "DAC counts");
    assertSameEverywhere();
  }

  @Test
  @DisplayName("keeps the inode numbers of files that can't bear its marks")
  void numbers() throws Exception {
    mountAsUser();
    String before = byUser("stat -c %i link fifo").expect(0).out();
    byRoot("touch -h -d @5 link fifo; ln -s x new; mv link dir/moved").expect(0);
    user.run("umount", mountPoint).expect(0);
    mountAsUser();
    assertEquals(before, byUser("stat -c %i dir/moved fifo").expect(0).out());
    assertEquals("1 5\n", byUser("stat -c '%h %Y' dir/moved").expect(0).out());
  }

  @Test
  @DisplayName("removes what he may, and leaves nothing")
  void removal() throws Exception {
    mountAsUser();
    byUser("rm -f small link fifo device large mine; rm -f dir/x; : > empty; chmod 0 empty; ls -l")
        .expect(0);
    user.run("umount", mountPoint).expect(0);
    mountAsUser();
    assertEquals("dir\nempty\n", byUser("ls").expect(0).out());
    byUser("rm -f empty; rmdir dir/sub dir").expect(0);
    byRoot("ln -s x y; ln y z; mv y k; rm k z; ln -s x y").expect(0);
    user.run("umount", mountPoint).expect(0);
    Path work = upper.resolveSibling("upper.work");
    assertEquals("", script(work, "find work -mindepth 1"));
    assertEquals("1\n", script(work, "ls links | wc -l"), "owners of links that are gone");
    script(upper, "rm y"); // a server that was killed may leave the record
    mountAsUser();
    user.run("umount", mountPoint).expect(0);
    assertEquals("", script(work, "ls links"));
  }

  @Test
  @DisplayName("lists what is beside a directory that another program made unreadable")
  void unreadable() throws Exception {
    mountAsUser();
    byUser("chmod 700 dir; rm large").expect(0);
    user.run("umount", mountPoint).expect(0);
    script(upper, "chmod 0 dir");
    mountAsUser();
    assertEquals("device\ndir\nfifo\nlink\nmine\nsmall\n", byUser("ls").expect(0).out());
    user.run("umount", mountPoint).expect(0);
    script(upper, "chmod 700 dir");
  }

  @Test
  @DisplayName("works in a user namespace with mapped ids, as root there")
  void userNamespace() throws Exception {
    Files.setAttribute(runtime, "unix:uid", FIRST_ID);
    Files.setAttribute(mountPoint, "unix:uid", FIRST_ID);
    List<String> there = enterUserNamespace();
    Strata root = user.behind(words(there, List.of()));
    root.run("mount", everything, mountPoint, "--upper", upper).expect(0);
    String work =
        """
        umask 022; cd %s
        chown 7:8 large; mkfifo p; chown 3 p; echo q > q; chown 9:9 q; chmod 4711 q
        mv device dir/device; chown 12 dir/device; ln -s a l; chown -h 5:5 l; ln small small2
        chmod 1777 .; setpriv --reuid 20 --regid 21 --clear-groups sh -c 'echo o > o; mkfifo op'
        """
            .formatted(mountPoint);
    run(there, work);
    String before = run(there, "cd " + mountPoint + "\n" + ALL);
    for (String expected :
        List.of(
            "./dir/device character special file 644 12:0 1 1:3",
            "./l symbolic link 777 5:5 1 0:0",
            "./q regular file 4711 9:9 1 0:0",
            "./o regular file 644 20:21 1 0:0",
            "./large regular file 644 7:8 1 0:0",
            "./small2 regular file 4755 0:0 2 0:0")) {
      assertTrue(before.contains(expected + "\n"), expected + " in\n" + before);
    }
    assertEquals(FIRST_ID + 9, Files.getAttribute(upper.resolve("q"), "unix:uid"));
    root.run("umount", mountPoint).expect(0);
    root.run("mount", everything, mountPoint, "--upper", upper).expect(0);
    assertEquals(before, run(there, "cd " + mountPoint + "\n" + ALL));
    root.run("umount", mountPoint).expect(0);
  }

  private String run(List<String> prefix, String script) throws Exception {
    return strata.run(List.of(words(prefix, List.of("sh", "-ec", script)))).expect(0).out();
  }

  /** Ids 0 to 65535 there are 100000 and up here; gives the words that run something in it. */
  private List<String> enterUserNamespace() throws Exception {
    List<String> command = new ArrayList<>(inside());
    String wait = "echo ready; read go; exec sleep 600";
    command.addAll(List.of("unshare", "--user", "--mount", "sh", "-c", wait));
    Process process = new ProcessBuilder(command).start();
    userNamespace = process;
    assertEquals('r', process.getInputStream().read());
    for (String map : List.of("uid_map", "gid_map")) {
      Files.writeString(Path.of("/proc/" + process.pid(), map), "0 " + FIRST_ID + " 65536");
    }
    String pid = Long.toString(process.pid());
    return List.of("/usr/bin/nsenter", "-t", pid, "-U", "-m", "-S", "0", "-G", "0");
  }
}
