package io.strata.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text of lines {@code key value}, a key once for each of its values: what the registry's files
 * hold and what goes between a command and a server. A backslash, a line feed and a carriage return
 * in a value are written {@code \\}, {@code \n}, {@code \r}. Not thread-safe.
 */
final class KeyedLines {
  private final List<String> keys = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  /** The lines of {@code text}; a line without a space is a key with an empty value. */
  static KeyedLines parse(String text) {
    KeyedLines lines = new KeyedLines();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      lines.addLine(text.substring(from, end));
      from = end + 1;
    }
    return lines;
  }

  private void addLine(String line) {
    int space = line.indexOf(' ');
    if (space >= 0) {
      put(line.substring(0, space), unescape(line.substring(space + 1)));
    } else if (!line.isEmpty()) {
      put(line, "");
    }
  }

  KeyedLines put(String key, String value) {
    keys.add(key);
    values.add(value);
    return this;
  }

  KeyedLines put(String key, Optional<?> value) {
    value.ifPresent(v -> put(key, v.toString()));
    return this;
  }

  KeyedLines putAll(String key, List<?> all) {
    for (Object value : all) {
      put(key, value.toString());
    }
    return this;
  }

  /** The first value of {@code key}. */
  Optional<String> get(String key) {
    int at = keys.indexOf(key);
    return at < 0 ? Optional.empty() : Optional.of(values.get(at));
  }

  /** Every value of {@code key}, in order. */
  List<String> all(String key) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).equals(key)) {
        all.add(values.get(i));
      }
    }
    return all;
  }

  /** The keys, one for each line. */
  List<String> keys() {
    return List.copyOf(keys);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < keys.size(); i++) {
      text.append(keys.get(i)).append(' ').append(escape(values.get(i))).append('\n');
    }
    return text.toString();
  }

  static String escape(String value) {
    if (value.indexOf('\\') < 0 && value.indexOf('\n') < 0 && value.indexOf('\r') < 0) {
      return value;
    }
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        char escaped = value.charAt(i);
        c = escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
      }
      text.append(c);
    }
    return text.toString();
  }
}
