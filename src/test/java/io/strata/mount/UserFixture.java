package io.strata.mount;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.OwnMounts;
import io.strata.ReadableClassPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Mounts as an ordinary user, in a mount namespace in which everybody may open /dev/fuse. */
abstract class UserFixture extends MountFixture {
  static final int NOBODY = 65534;
  static final List<String> AS_NOBODY =
      List.of("/usr/bin/setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

  Strata user = Strata.here(Path.of(""));
  Path runtime = Path.of("");
  private @Nullable Process namespace;

  @BeforeEach
  void become() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    runtime = Files.createDirectory(directory.resolve("runtime"));
    for (Path own : List.of(runtime, mountPoint)) {
      Files.setAttribute(own, "unix:uid", NOBODY);
    }
    namespace = newNamespace();
    user =
        strata
            .withClassPath(readableClassPath())
            .behind(words(inside(), AS_NOBODY))
            .with("XDG_RUNTIME_DIR", runtime.toString())
            .with("XDG_STATE_HOME", runtime.toString())
            .with("HOME", runtime.toString());
  }

  // Mounts of its own, among which everybody may open /dev/fuse, as is usual.
  private Process newNamespace() throws Exception {
    Path device = directory.resolve("fuse");
    Strata.tool("mknod", "-m", "666", device.toString(), "c", "10", "229");
    String script =
        OwnMounts.ALONE
            + " && mount --bind "
            + device
            + " /dev/fuse && echo ready && exec sleep 600";
    Process process = new ProcessBuilder("unshare", "--mount", "sh", "-c", script).start();
    assertEquals('r', process.getInputStream().read());
    return process;
  }

  @AfterEach
  void leave() throws Exception {
    if (namespace != null) {
      for (RegistryEntry entry : entries()) {
        if (registry().alive(entry)) {
          Strata.tool("kill", "-9", Long.toString(entry.pid()));
        }
      }
      namespace.destroy();
      namespace.waitFor();
    }
  }

  long pid() {
    return requireNonNull(namespace).pid();
  }

  List<String> inside() {
    return List.of("/usr/bin/nsenter", "-t", Long.toString(pid()), "-m");
  }

  static String[] words(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all.toArray(new String[0]);
  }

  @Override
  Optional<MountPoint> mounted() throws IOException {
    if (namespace == null || !namespace.isAlive()) {
      return Optional.empty();
    }
    String table = Texts.read(Path.of("/proc/" + pid() + "/mountinfo"), StandardCharsets.UTF_8);
    return MountTable.parse(table).at(mountPoint.toString());
  }

  // What the build uses may lie in root's home.
  String readableClassPath() throws IOException {
    return ReadableClassPath.copyTo(Files.createDirectory(directory.resolve("classpath")));
  }

  @Override
  Registry registry() {
    return new Registry(runtime.resolve("strata"), Processes.system());
  }

  Strata.Outcome asUser(String... command) throws Exception {
    return strata.run(List.of(words(List.of(words(inside(), AS_NOBODY)), List.of(command))));
  }

  Strata.Outcome asRoot(String... command) throws Exception {
    return strata.run(List.of(words(inside(), List.of(command))));
  }
}
