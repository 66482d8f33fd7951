package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Runs verbs inside the test's process and takes what they print. A test that uses it locks
 * SYSTEM_OUT and SYSTEM_ERR.
 */
final class InProcess implements AutoCloseable {
  private final PrintStream standardOut = System.out;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  InProcess() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  /** Runs a verb that is to end so. */
  InProcess run(ExitCode expected, Object... arguments) {
    out.reset();
    err.reset();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int code = Main.execute(words);
    assertEquals(expected.code(), code, () -> String.join(" ", words) + ": " + errors());
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** What was printed on stdout, a char for each byte. */
  String output() {
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    System.setOut(standardOut);
    System.setErr(standardError);
  }
}
