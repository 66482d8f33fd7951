package io.strata.sync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the syntax of Python's configparser, as Portage uses it: {@code [section]}, {@code key =
 * value} or {@code key: value}, lines indented deeper than their key continue its value, {@code #}
 * and {@code ;} begin a comment where a line begins or, beyond Portage, after a blank.
 */
final class IniParser {
  private static final Pattern SECTION = Pattern.compile("\\[([^]]+)].*");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)[#;].*");
  private static final Pattern KEY = Pattern.compile("([^=:]*?)\\s*[=:]\\s*(.*)");

  private final Path file;
  private final Map<String, Map<String, IniEntry>> sections = new LinkedHashMap<>();
  private @Nullable Map<String, IniEntry> section;
  private @Nullable String key;
  private int keyLine;
  private int keyIndent;
  private final List<String> value = new ArrayList<>();

  private IniParser(Path file) {
    this.file = file;
  }

  /** The sections in their order, each with its entries by key. */
  static Map<String, Map<String, IniEntry>> parse(Path file, String text) throws ConfigException {
    IniParser parser = new IniParser(file);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      parser.take(lines.get(i), i + 1);
    }
    parser.endValue();
    return parser.sections;
  }

  private void take(String line, int number) throws ConfigException {
    String text = COMMENT.matcher(line).replaceFirst("").stripTrailing();
    if (text.isBlank()) {
      return;
    }
    int indent = text.length() - text.stripLeading().length();
    if (key != null && indent > keyIndent) {
      value.add(text.strip());
    } else {
      endValue();
      begin(text.strip(), indent, number);
    }
  }

  private void begin(String text, int indent, int number) throws ConfigException {
    Matcher matcher = SECTION.matcher(text);
    if (matcher.matches()) {
      beginSection(matcher.group(1), number);
      return;
    }
    matcher = KEY.matcher(text);
    if (section == null) {
      throw new ConfigException(place(number) + ": this stands before the first [section]");
    }
    if (!matcher.matches() || matcher.group(1).isEmpty()) {
      throw new ConfigException(place(number) + ": neither [section] nor key = value");
    }
    key = matcher.group(1).toLowerCase(Locale.ROOT);
    keyLine = number;
    keyIndent = indent;
    value.add(matcher.group(2));
  }

  private void beginSection(String name, int number) throws ConfigException {
    if (sections.containsKey(name)) {
      throw new ConfigException(place(number) + ": there is a section [" + name + "] already");
    }
    section = new LinkedHashMap<>();
    sections.put(name, section);
  }

  private void endValue() throws ConfigException {
    if (key == null || section == null) {
      return;
    }
    IniEntry entry = new IniEntry(key, String.join("\n", value).strip(), file, keyLine);
    if (section.putIfAbsent(key, entry) != null) {
      throw new ConfigException(place(keyLine) + ": " + key + " is given twice in this section");
    }
    key = null;
    value.clear();
  }

  private String place(int number) {
    return file + ":" + number;
  }
}
