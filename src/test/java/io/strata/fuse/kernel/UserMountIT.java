package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.OwnMounts;
import io.strata.ReadableClassPath;
import io.strata.TestData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Mounting")
@Timeout(60)
class UserMountIT {
  @TempDir Path directory;

  @Test
  @DisplayName("works for an ordinary user through fusermount3, whose words become the message")
  void asUser() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    Path mountPoint = Files.createDirectory(directory.resolve("mnt"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    // A mount namespace of its own, where everybody may open /dev/fuse as is usual.
    String script =
        OwnMounts.ALONE
            + """

        mknod -m 666 "$1/fuse" c 10 229
        mount --bind "$1/fuse" /dev/fuse
        chown nobody "$1/mnt"
        shift
        exec setpriv --reuid nobody --regid nogroup --clear-groups "$@"
        """;
    List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-ec", script, "sh"));
    command.addAll(
        List.of(
            directory.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=/tmp",
            "-cp",
            ReadableClassPath.copyAllTo(Files.createDirectory(directory.resolve("classes"))),
            UserMountProbe.class.getName(),
            mountPoint.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    String user = Files.readString(Path.of("/etc/passwd")).replaceAll("(?s).*\nnobody:[^:]*:", "");
    String uid = user.substring(0, user.indexOf(':'));
    List<String> lines = said.lines().toList();
    assertTrue(lines.get(0).startsWith("allow_other: can't mount on "), said);
    assertTrue(lines.get(0).contains("user_allow_other"), said);
    assertEquals("hello, user", lines.get(1), said);
    assertTrue(lines.get(2).startsWith("back\\134slash,\\040comma\\040and\\040space "), said);
    assertTrue(lines.get(2).contains(" fuse.strata ro,nosuid,nodev,"), said);
    assertTrue(lines.get(2).contains("user_id=" + uid + ","), said);
    assertTrue(lines.get(2).contains("default_permissions"), said);
    assertTrue(lines.get(3).startsWith("busy 16: can't unmount "), said);
    assertEquals("ended true, stops 1", lines.get(4), said);
  }
}
