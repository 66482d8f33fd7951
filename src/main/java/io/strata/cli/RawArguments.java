package io.strata.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments as the bytes that they are. Java decodes them, and what the locale's encoding does
 * not have is lost then; names of files are bytes.
 */
final class RawArguments {
  private final Map<String, List<byte[]>> byText;
  private final Map<String, Integer> used = new HashMap<>();

  private RawArguments(Map<String, List<byte[]>> byText) {
    this.byText = byText;
  }

  /** Those of this process. */
  static RawArguments ofThisProcess() {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
      String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
      return of(line, Charset.forName(encoding));
    } catch (IOException e) {
      return new RawArguments(Map.of());
    }
  }

  /**
   * Those of a command line.
   *
   * @param line the arguments, each with a NUL behind it
   * @param encoding by which Java decodes them
   */
  static RawArguments of(byte[] line, Charset encoding) {
    Map<String, List<byte[]>> byText = new HashMap<>();
    String all = new String(line, StandardCharsets.ISO_8859_1);
    for (String argument : all.split("\0", -1)) {
      byte[] bytes = argument.getBytes(StandardCharsets.ISO_8859_1);
      byText.computeIfAbsent(new String(bytes, encoding), _ -> new ArrayList<>()).add(bytes);
    }
    return new RawArguments(byText);
  }

  /**
   * The bytes of the argument that Java made {@code text} of; of the next such one, when asked
   * again. Text that is no argument is encoded as UTF-8.
   */
  byte[] bytes(String text) {
    List<byte[]> candidates = byText.get(text);
    if (candidates == null) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    int next = used.merge(text, 1, Integer::sum) - 1;
    return candidates.get(Math.min(next, candidates.size() - 1)).clone();
  }
}
