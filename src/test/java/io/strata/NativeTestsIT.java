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
import java.util.function.Consumer;
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
  @TempDir Path directory;

  @TestFactory
  @DisplayName("by the kernel's protocol")
  List<DynamicTest> kernel() throws Exception {
    return run("kernel");
  }

  @TestFactory
  @DisplayName("by libfuse")
  List<DynamicTest> libfuse() throws Exception {
    return run("libfuse");
  }

  private List<DynamicTest> run(String transport) throws IOException, InterruptedException {
    TestData.needsRoot();
    TestData.needsFuse();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of("native-tests", "run").toAbsolutePath().toString(),
                "--mount",
                "--transport",
                transport,
                directory.toString())
            .redirectErrorStream(true);
    builder.environment().put("STRATA", launcher().toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    List<DynamicTest> tests = output.lines().mapMulti(NativeTestsIT::report).toList();
    assertTrue(tests.size() > 100, () -> "hardly any test ran:\n" + output);
    List<DynamicTest> all = new ArrayList<>(tests);
    all.add(DynamicTest.dynamicTest("all", () -> assertEquals(0, status, output)));
    return all;
  }

  /** Starts the classes under test; scripts/strata would run what was built last. */
  private Path launcher() throws IOException {
    String text =
        """
        #!/bin/sh
        exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC \\
          -XX:TieredStopAtLevel=1 -cp '%s' io.strata.cli.Main "$@"
        """
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path"));
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
