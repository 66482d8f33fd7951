package io.strata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tables of what mirrors and networks do to a sync, and of the tests that show what comes of
 * it.
 *
 * <p>{@code attacks.tsv} has the attacks of the TUF specification (section 1.5.2) that apply, and
 * those of our own format; {@code faults.tsv} has the ways in which a server fails without malice.
 * A line has three columns with tabs between: what is done to the sync, what it does against that,
 * and the tests, as {@code CLASS} or {@code CLASS#METHOD} below {@code io.strata}, blanks between.
 */
@DisplayName("The table of")
class HostilityTest {
  private static final String PACKAGE = "io.strata.";

  /** The tables, by their resource and the file that each is printed to. */
  enum Table {
    ATTACKS("attacks.tsv", "attacks.md", "attack", "what defends"),
    FAULTS("faults.tsv", "server-faults.md", "server fault", "what the sync does");

    private final String resource;
    private final String report;
    private final String deed;
    private final String answer;

    Table(String resource, String report, String deed, String answer) {
      this.resource = resource;
      this.report = report;
      this.deed = deed;
      this.answer = answer;
    }

    List<Row> rows() throws IOException {
      try (InputStream in =
          Objects.requireNonNull(HostilityTest.class.getResourceAsStream("/" + resource))) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().filter(line -> !line.isBlank()).map(Row::of).toList();
      }
    }
  }

  private record Row(String deed, String answer, List<String> tests) {
    static Row of(String line) {
      String[] columns = line.split("\t", -1);
      assertEquals(3, columns.length, () -> "three columns with tabs between: " + line);
      return new Row(columns[0], columns[1], List.of(columns[2].split(" ", -1)));
    }

    String markdown() {
      return "| " + deed + " | " + answer + " | " + String.join("<br>", tests) + " |";
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("names each deed once, with tests that are there")
  void namesTests(Table table) throws IOException {
    Set<String> deeds = new HashSet<>();
    assertFalse(table.rows().isEmpty());
    for (Row row : table.rows()) {
      assertTrue(deeds.add(row.deed()), () -> "twice: " + row.deed());
      assertFalse(row.answer().isBlank(), row.deed());
      for (String test : row.tests()) {
        assertTrue(TestNames.exists(PACKAGE + test), () -> row.deed() + ": no test " + test);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is printed, with its counts")
  void isPrinted(Table table, TestReporter reporter) throws IOException {
    List<Row> rows = table.rows();
    long tests = rows.stream().flatMap(row -> row.tests().stream()).distinct().count();
    String text =
        rows.stream()
            .map(Row::markdown)
            .collect(Collectors.joining("\n", head(table), "\n"))
            .concat("\n" + rows.size() + " rows, shown by " + tests + " tests.\n");
    reporter.publishEntry(table.report, text);
    System.out.println(text);
    Files.writeString(Path.of("target", table.report), text);
  }

  private static String head(Table table) {
    return "| " + table.deed + " | " + table.answer + " | shown by |\n|---|---|---|\n";
  }
}
