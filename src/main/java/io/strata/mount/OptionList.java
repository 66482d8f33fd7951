package io.strata.mount;

import java.util.ArrayList;
import java.util.List;

/**
 * Words with commas between, as {@code -o} takes them. A backslash keeps what follows it from
 * having a meaning, as in libmount and libfuse: {@code \,} is a comma within a word. Only that
 * before a colon in {@code lowerdir=} stays: overlayfs takes {@code \:}, libfuse makes it of {@code
 * \\:}.
 */
final class OptionList {
  private final StringBuilder text = new StringBuilder();

  /** The words of a list; empty ones are left out. */
  static List<String> split(String list) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '\\' && i + 1 < list.length()) {
        i++;
        if (list.charAt(i) == ':' && word.indexOf("lowerdir=") == 0) {
          word.append(c); // what it is for shows when the layers are told apart
        }
        word.append(list.charAt(i));
      } else if (c == ',') {
        addTo(words, word);
      } else {
        word.append(c);
      }
    }
    addTo(words, word);
    return words;
  }

  private static void addTo(List<String> words, StringBuilder word) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  void add(String word) {
    text.append(text.isEmpty() ? "" : ",");
    text.append(word.replace("\\", "\\\\").replace(",", "\\,"));
  }

  void addIf(boolean said, String word) {
    if (said) {
      add(word);
    }
  }

  /** The list, for {@link #split}. */
  @Override
  public String toString() {
    return text.toString();
  }
}
