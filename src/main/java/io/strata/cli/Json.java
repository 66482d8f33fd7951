package io.strata.cli;

import java.util.List;
import java.util.Map;

/** Writes JSON (RFC 8259) from maps, lists, strings, numbers and booleans, two spaces deep. */
final class Json {
  private final StringBuilder text = new StringBuilder();

  private Json() {}

  static String write(Map<String, ?> object) {
    Json json = new Json();
    json.value(object, "\n");
    return json.text.toString();
  }

  private void value(Object value, String newLine) {
    switch (value) {
      case Map<?, ?> object -> object(object, newLine);
      case List<?> array -> array(array, newLine);
      case Number number -> text.append(number);
      case Boolean bool -> text.append(bool);
      default -> string(value.toString());
    }
  }

  private void object(Map<?, ?> object, String newLine) {
    if (object.isEmpty()) {
      text.append("{}");
      return;
    }
    char separator = '{';
    for (Map.Entry<?, ?> member : object.entrySet()) {
      text.append(separator).append(newLine).append("  ");
      string(String.valueOf(member.getKey()));
      text.append(": ");
      value(member.getValue(), newLine + "  ");
      separator = ',';
    }
    text.append(newLine).append('}');
  }

  private void array(List<?> array, String newLine) {
    if (array.isEmpty()) {
      text.append("[]");
      return;
    }
    char separator = '[';
    for (Object element : array) {
      text.append(separator).append(newLine).append("  ");
      value(element, newLine + "  ");
      separator = ',';
    }
    text.append(newLine).append(']');
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
        text.append(Character.forDigit(c & 15, 16));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
