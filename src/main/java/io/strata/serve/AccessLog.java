package io.strata.serve;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Writes a line for each request, in the combined format of web servers. Thread-safe. */
public final class AccessLog {
  /** Logs nothing. */
  public static final AccessLog NONE = new AccessLog(_ -> {});

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);

  /** What a client must not put into a line: quotes, backslashes, controls, what is not ASCII. */
  private static final Pattern UNSAFE = Pattern.compile("[^ -~]|[\"\\\\]");

  private final Consumer<String> lines;

  /** A log whose lines, without a line feed, go to {@code lines}, one at a time. */
  public AccessLog(Consumer<String> lines) {
    this.lines = lines;
  }

  /**
   * An answer that was sent, as far as it got.
   *
   * @param bytes of the body that were sent
   */
  record Entry(
      String client,
      ZonedDateTime time,
      String request,
      int status,
      long bytes,
      Optional<String> referrer,
      Optional<String> agent) {}

  void add(Entry entry) {
    String line =
        entry.client()
            + " - - ["
            + TIME.format(entry.time())
            + "] \""
            + safe(entry.request())
            + "\" "
            + entry.status()
            + " "
            + entry.bytes()
            + " \""
            + safe(entry.referrer().orElse("-"))
            + "\" \""
            + safe(entry.agent().orElse("-"))
            + "\"";
    synchronized (this) {
      lines.accept(line);
    }
  }

  private static String safe(String text) {
    return UNSAFE
        .matcher(text)
        .replaceAll(
            match -> String.format(Locale.ROOT, "\\\\x%02x", (int) match.group().charAt(0)));
  }
}
