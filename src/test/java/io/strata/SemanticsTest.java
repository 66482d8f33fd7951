package io.strata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * The table of what a union promises, and of the tests that show it.
 *
 * <p>{@code semantics-points.tsv} has the points: a key, a tab, the words. {@code semantics.tsv}
 * has the tests, one per line: a key, a tab, and the name of a test of native-tests, of a test
 * class ({@code io.strata.union.NestingIT}), or of one of its methods ({@code CLASS#METHOD}).
 */
@DisplayName("The table of semantics")
class SemanticsTest {
  private final Map<String, String> points = new LinkedHashMap<>();
  private final Map<String, List<String>> tests;

  SemanticsTest() throws IOException {
    lines("semantics-points.tsv").forEach(line -> points.put(line[0], line[1]));
    tests =
        lines("semantics.tsv")
            .collect(
                Collectors.groupingBy(
                    line -> line[0],
                    LinkedHashMap::new,
                    Collectors.mapping(line -> line[1], Collectors.toList())));
  }

  private static Stream<String[]> lines(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SemanticsTest.class.getResourceAsStream("/" + resource))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank()).map(SemanticsTest::split);
    }
  }

  private static String[] split(String line) {
    String[] columns = line.split("\t", -1);
    assertEquals(2, columns.length, () -> "two columns with a tab between: " + line);
    return columns;
  }

  @Test
  @DisplayName("has a test for each point, and no point that is none")
  void coversEachPoint() {
    assertEquals(new TreeSet<>(points.keySet()), new TreeSet<>(tests.keySet()));
  }

  @Test
  @DisplayName("names tests that are there")
  void namesTests() throws IOException {
    Set<String> natives = nativeTests();
    List<String> missing =
        tests.values().stream()
            .flatMap(List::stream)
            .filter(test -> !natives.contains(test) && !TestNames.exists(test))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  @DisplayName("is printed")
  void isPrinted(TestReporter reporter) throws IOException {
    String table =
        points.entrySet().stream()
            .map(point -> row(point.getKey(), point.getValue()))
            .collect(Collectors.joining("\n", "| point | shown by |\n|---|---|\n", "\n"));
    reporter.publishEntry("semantics", table);
    System.out.println(table);
    Files.writeString(Path.of("target", "semantics.md"), table);
  }

  private String row(String key, String words) {
    List<String> shownBy = tests.getOrDefault(key, List.of());
    return "| " + key + ": " + words + " | " + String.join(", ", shownBy) + " |";
  }

  private static Set<String> nativeTests() throws IOException {
    Set<String> names = new HashSet<>();
    for (Path source : list("native-tests/src", ".c")) {
      Files.readString(source).lines().forEach(line -> addNative(line, names));
    }
    for (Path script : list("native-tests/shell", ".sh")) {
      names.add(script.getFileName().toString().replace(".sh", ""));
    }
    return names;
  }

  private static void addNative(String line, Set<String> names) {
    if (line.startsWith("TEST(")) {
      names.add(line.substring("TEST(".length(), line.indexOf(')')));
    }
  }

  private static List<Path> list(String directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(directory))) {
      return files.filter(file -> file.toString().endsWith(suffix)).toList();
    }
  }
}
