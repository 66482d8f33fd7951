package io.strata.mount;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The log of a server: a line each, with the time in UTC. It goes to the standard error, which a
 * server in the background has connected with its log file, so that what the JVM has to say is
 * there too. Thread-safe.
 */
final class Log {
  private final OutputStream out;

  private Log(OutputStream out) {
    this.out = out;
  }

  /** To wherever the standard error leads at the time of each line. */
  static Log toStandardError() {
    return new Log(new FileOutputStream(java.io.FileDescriptor.err));
  }

  static Log to(OutputStream out) {
    return new Log(out);
  }

  /** Writes a line; where that fails, nobody could be told. */
  synchronized void line(String text) {
    String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    String line = now + " " + text.replace('\n', ' ') + "\n";
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      return; // a full disk must not end the mount
    }
  }
}
