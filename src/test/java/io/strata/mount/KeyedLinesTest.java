package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Lines of keys and values")
class KeyedLinesTest {
  @Test
  @DisplayName("keep values with spaces, line ends and backslashes")
  void escapes() {
    String value = " two\nlines \\n and\r a \\ ";
    KeyedLines lines = new KeyedLines().put("key", value).put("next", "");
    assertEquals("key  two\\nlines \\\\n and\\r a \\\\ \nnext \n", lines.toString());
    KeyedLines again = KeyedLines.parse(lines.toString());
    assertEquals(Optional.of(value), again.get("key"));
    assertEquals(Optional.of(""), again.get("next"));
  }

  @Test
  @DisplayName("keep the values of one key in order")
  void several() {
    KeyedLines lines = KeyedLines.parse(new KeyedLines().putAll("a", List.of("1", "2")).toString());
    assertEquals(List.of("1", "2"), lines.all("a"));
    assertEquals(Optional.of("1"), lines.get("a"));
    assertTrue(lines.get("b").isEmpty());
  }

  @Test
  @DisplayName("of a text that was cut off are those that are there")
  void cut() {
    KeyedLines lines = KeyedLines.parse("a 1\n\nb\nc trailing\\");
    assertEquals(List.of("a", "b", "c"), lines.keys());
    assertEquals(Optional.of("trailing\\"), lines.get("c"));
  }
}
