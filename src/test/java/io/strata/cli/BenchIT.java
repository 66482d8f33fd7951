package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.BuiltProgram;
import io.strata.TestData;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("scripts/bench")
class BenchIT {
  private static final long LIMIT_SECONDS = 300;
  private static final String SECONDS = " [0-9]+\\.[0-9]{3} \\|";
  private static final String RATIO =
      " [0-9]+\\.[0-9]{2} \\(<= [0-9.]+\\) (met|\\*\\*missed\\*\\*) \\|";

  @TempDir Path temp;

  @BeforeEach
  void needs() {
    TestData.needsRoot();
    TestData.needsFuse();
    assumeTrue(
        BuiltProgram.launcher().isPresent(), // else it would build
        "scripts/strata is older than its sources; run scripts/test");
  }

  private ProcessBuilder bench(String... options) {
    List<String> command = new ArrayList<>(List.of("scripts/bench", "--quick"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TMPDIR", temp.toString());
    return builder;
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(List.of(), left.filter(path -> !path.endsWith("said")).toList());
    }
    assertFalse(Files.readString(Path.of("/proc/self/mounts")).contains(temp.toString()));
  }

  /** What it prints when it succeeds. */
  private String printed(String... options) throws Exception {
    Process process = bench(options).redirectError(temp.resolve("said").toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), () -> out);
    return out;
  }

  @Test
  @DisplayName("prints a row with seconds, ratio and target for each work, and what was asked")
  void tables() throws Exception {
    String out = printed("--subjects", "a,c,d,p", "--systems", "strata,kernel");
    for (String work :
        List.of(
            "`find -printf '%s'` cold",
            "`find -printf '%s'` warm",
            "`tar cf - . \\| cat` cold",
            "`tar cf - . \\| cat` warm",
            "four `cat` side by side, cold",
            "`grep -r` for a rare word, cold",
            "sequential read, cold",
            "4 KiB random reads, 1 reader, cold",
            "4 KiB random reads, 4 readers, cold")) {
      assertRow(out, "| zstd | " + work + " |", SECONDS + SECONDS + RATIO + " - \\|");
    }
    assertRow(out, "| mount to the first answered stat, warm, s |", SECONDS + SECONDS + ".*0.6.*");
    assertRow(out, "| CPU time of `strata --version`, s |", SECONDS + " - \\|.*0.25.*");
    assertRow(out, "| small files | zstd | `find -printf '%s'` cold |", ".* READDIRPLUS [0-9]+.*");
    assertRow(out, "| one file | zstd | sequential read, cold |", ".* READ [0-9]+.*");
    assertRow(out, "| small |", SECONDS.repeat(4) + RATIO + RATIO);
    assertRow(out, "| peak heap |", " [0-9]+ \\(<= 256\\) met \\|");
    assertRow(out, "| zstd | whole |", " [0-9]+ \\| 100% \\| - \\| - \\|");
    assertRow(out, "| zstd | ranges |", " [0-9]+ \\| [0-9.]+% \\|" + SECONDS + SECONDS);
    assertRow(out, "| zstd | `.sqdelta2` |", " [0-9]+ \\| [0-9.]+% \\|" + SECONDS + SECONDS);
    assertNothingLeft();
  }

  @Test
  @DisplayName("measures unions, whose rates are to be high and whose seconds are to be few")
  void unions() throws Exception {
    String works = "find,untar,edit,append,remove,status,randomwrite";
    String out = printed("--subjects", "u", "--systems", "strata,overlayfs", "--work", works);
    for (String work :
        List.of(
            "`find -printf '%s'` of the packages, cold",
            "`find -printf '%s'` of the packages, warm",
            "untar the packages",
            "`sed -i` over 2,000 lower files",
            "append a byte to 2,000 lower files",
            "`rm -rf` of the packages",
            "`git status` in a lower checkout, first, cold",
            "`git status` in a lower checkout, then warm")) {
      assertRow(out, "| zstd | " + work + " |", SECONDS + SECONDS + RATIO + " - \\|");
    }
    assertRow(
        out,
        "| zstd | 4 KiB random writes, then fsync, in an upper file, per second |",
        " [0-9.]+ \\| [0-9.]+ \\|" + RATIO.replace("<=", ">=") + " - \\|");
    assertRow(out, "| union | zstd | untar the packages |", ".* CREATE [0-9]+.*");
    assertNothingLeft();
  }

  private static void assertRow(String out, String beginning, String rest) {
    List<String> rows = out.lines().filter(line -> line.startsWith(beginning)).toList();
    assertEquals(1, rows.size(), () -> beginning + " in " + out);
    assertTrue(rows.getFirst().substring(beginning.length()).matches(rest), rows::toString);
  }

  @Test
  @DisplayName("leaves nothing behind when it is interrupted")
  void interrupted() throws Exception {
    Process process = bench("--subjects", "a", "--runs", "1000", "--work", "tar").start();
    try (BufferedReader said = process.errorReader()) {
      String line = said.readLine();
      while (line != null && !line.endsWith("a-zstd: tar")) {
        line = said.readLine();
      }
      assertTrue(line != null, "it did not come to measuring");
      process.toHandle().destroy();
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
    }
    assertEquals(128 + 15 /* SIGTERM */, process.exitValue());
    assertNothingLeft();
  }
}
