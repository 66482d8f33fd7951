package io.strata;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets mounts made meanwhile exchange requests over io_uring; closing it puts the kernel's switch
 * back to where it was. A mount keeps what it had when it was made.
 */
public final class RingSwitch implements AutoCloseable {
  private static final Path SWITCH = Path.of("/sys/module/fuse/parameters/enable_uring");

  private final String before;

  private RingSwitch(String before) {
    this.before = before;
  }

  /** Switches it on. The calling test is skipped, with the reason, where there is no switch. */
  public static RingSwitch on() throws IOException {
    return set("Y");
  }

  /** Switches it off. The calling test is skipped, with the reason, where there is no switch. */
  public static RingSwitch off() throws IOException {
    return set("N");
  }

  private static RingSwitch set(String value) throws IOException {
    TestData.needsRoot();
    assumeTrue(Files.exists(SWITCH), "needs a kernel with FUSE over io_uring: no " + SWITCH);
    RingSwitch made = new RingSwitch(Files.readString(SWITCH).strip());
    Files.writeString(SWITCH, value);
    return made;
  }

  @Override
  public void close() throws IOException {
    Files.writeString(SWITCH, before);
  }
}
