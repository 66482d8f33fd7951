package io.strata.sync;

import java.nio.file.Path;

/**
 * A key with its value.
 *
 * @param key lower-case
 * @param value its lines joined by line feeds, comments removed
 * @param file where it stands
 * @param line of the key, from 1
 */
record IniEntry(String key, String value, Path file, int line) {

  /** {@code FILE:LINE}, for messages. */
  String place() {
    return file + ":" + line;
  }
}
