package io.strata.publish;

import java.util.regex.Pattern;

/**
 * A command that changes or adds to what is published.
 *
 * @param command a line of shell; the path of a file is put behind it
 * @param filter matched at the start of a file's name: which files it is run for
 */
public record PostProcessOptions(String command, Pattern filter) {
  /** For all files. */
  public static final Pattern ALL = Pattern.compile("");
}
