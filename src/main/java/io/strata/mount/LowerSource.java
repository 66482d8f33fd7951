package io.strata.mount;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One lower layer under the image that is mounted.
 *
 * @param path an image or a directory
 * @param offset where in its file the image begins, in bytes; nothing to have it found
 * @param dataOnly nothing of it shows but data of files whose metadata is above
 */
public record LowerSource(Path path, OptionalLong offset, boolean dataOnly) {
  private static final String DATA_ONLY = "data ";
  private static final Pattern WITH_OFFSET = Pattern.compile("(.+),offset=([0-9]{1,18})");

  /** One that shows all that it has. */
  public LowerSource(Path path, OptionalLong offset) {
    this(path, offset, false);
  }

  /** The same, of which only data shows. */
  public LowerSource withDataOnly() {
    return new LowerSource(path, offset, true);
  }

  /**
   * Reads {@code IMAGE-OR-DIR[,offset=BYTES]}. A file that is called so, comma and all, is meant
   * itself.
   *
   * @param real makes a path absolute
   */
  public static LowerSource parse(String text, UnaryOperator<Path> real) {
    Matcher matcher = WITH_OFFSET.matcher(text);
    if (!matcher.matches() || Files.exists(Path.of(text))) {
      return new LowerSource(real.apply(Path.of(text)), OptionalLong.empty());
    }
    long offset = Long.parseLong(matcher.group(2));
    return new LowerSource(real.apply(Path.of(matcher.group(1))), OptionalLong.of(offset));
  }

  /** For a plan: the offset, if there is one, and the path, which is absolute. */
  String format() {
    String start = offset.isPresent() ? offset.getAsLong() + " " : "";
    return (dataOnly ? DATA_ONLY : "") + start + path;
  }

  static LowerSource read(String line) {
    if (line.startsWith(DATA_ONLY)) {
      return read(line.substring(DATA_ONLY.length())).withDataOnly();
    }
    int slash = line.indexOf('/');
    if (slash <= 0) {
      return new LowerSource(Path.of(line), OptionalLong.empty());
    }
    long offset = Long.parseLong(line.substring(0, slash - 1));
    return new LowerSource(Path.of(line.substring(slash)), OptionalLong.of(offset));
  }

  /** For people. */
  @Override
  public String toString() {
    String start = offset.isPresent() ? ",offset=" + offset.getAsLong() : "";
    return path + start + (dataOnly ? " (data only)" : "");
  }
}
