package io.strata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs native-tests on a union that the real command line mounts, and reports each as a test. What
 * a transport can't do stands in native-tests/exclude-TRANSPORT, with the reason.
 */
@DisplayName("What C and shell programs see of a union")
class NativeTestsIT {
  /** In a mount namespace in which everybody may open /dev/fuse, as is usual. */
  private static final List<String> AS_NOBODY =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-ec",
          OwnMounts.ALONE
              + """

          device=$(mktemp -d)
          mknod -m 666 "$device/fuse" c 10 229
          mount --bind "$device/fuse" /dev/fuse
          rm -r "$device"
          exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
          """,
          "as-nobody");

  /** Has the image of those that root mounts. */
  @TempDir static Path shared;

  @TempDir Path directory;

  @TestFactory
  @DisplayName("by the kernel's protocol")
  List<DynamicTest> kernel() throws Exception {
    return run("kernel");
  }

  @TestFactory
  @DisplayName("by the kernel's protocol over io_uring")
  List<DynamicTest> ring() throws Exception {
    try (RingSwitch on = RingSwitch.on()) {
      return run("io_uring");
    }
  }

  @TestFactory
  @DisplayName("by libfuse")
  List<DynamicTest> libfuse() throws Exception {
    return run("libfuse");
  }

  @TestFactory
  @DisplayName("mounted by an ordinary user")
  List<DynamicTest> user() throws Exception {
    TestData.needsRoot();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    String classPath =
        ReadableClassPath.copyTo(Files.createDirectory(directory.resolve("classes")));
    Path home = Files.createDirectory(directory.resolve("home"));
    Path tests = Files.createDirectory(directory.resolve("native-tests"));
    run(List.of("make", "-s", "-C", "native-tests"), Map.of());
    run(List.of("cp", "-rp", "native-tests/.", tests.toString()), Map.of());
    run(List.of("chown", "-R", "65534:65534", home.toString(), tests.toString()), Map.of());
    return tests(
        words(AS_NOBODY, tests + "/run", "--mount", home.toString()),
        Map.of(
            "STRATA", launcher(classPath).toString(),
            "HOME", home.toString(),
            "XDG_STATE_HOME", home.toString(),
            "XDG_RUNTIME_DIR", home.toString()));
  }

  private static List<String> words(List<String> first, String... others) {
    return Stream.concat(first.stream(), Stream.of(others)).toList();
  }

  private static Output run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }

  private record Output(int status, String text) {}

  private List<DynamicTest> run(String transport) throws IOException, InterruptedException {
    TestData.needsRoot();
    TestData.needsFuse();
    String program = Path.of("native-tests", "run").toAbsolutePath().toString();
    return tests(
        List.of(
            program,
            "--mount",
            "--transport",
            transport,
            "--image",
            shared.resolve("image.sqfs").toString(),
            directory.toString()),
        Map.of("STRATA", launcher(System.getProperty("java.class.path")).toString()));
  }

  private static List<DynamicTest> tests(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Output output = run(command, environment);
    List<DynamicTest> tests = output.text().lines().mapMulti(NativeTestsIT::report).toList();
    assertTrue(tests.size() > 100, () -> "hardly any test ran:\n" + output.text());
    List<DynamicTest> all = new ArrayList<>(tests);
    all.add(DynamicTest.dynamicTest("all", () -> assertEquals(0, output.status(), output.text())));
    return all;
  }

  /** Starts the classes under test; scripts/strata would run what was built last. */
  private Path launcher(String classPath) throws IOException {
    String text =
        """
        #!/bin/sh
        exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \\
          -XX:TieredStopAtLevel=1 -cp '%s' io.strata.cli.Main "$@"
        """
            .formatted(System.getProperty("java.home"), classPath);
    Path file = Files.writeString(directory.resolve("strata"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** "ok NAME", "FAIL NAME: why" or "skip NAME: why". */
  private static void report(String line, Consumer<DynamicTest> sink) {
    String[] words = line.split(" ", 3);
    if (words.length >= 2) {
      String name = words[1].replaceFirst(":$", "").replace('_', ' ');
      switch (words[0]) {
        case "ok" -> sink.accept(DynamicTest.dynamicTest(name, () -> {}));
        case "FAIL" -> sink.accept(DynamicTest.dynamicTest(name, () -> fail(line)));
        case "skip" -> sink.accept(DynamicTest.dynamicTest(name, () -> abort(line)));
        default -> {} // "N passed, ...", and which were excluded
      }
    }
  }
}
