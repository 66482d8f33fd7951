package io.strata;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets mounts made meanwhile exchange requests over io_uring; closing it puts the kernel's switch
 * back to where it was. A mount keeps what it had when it was made. The switch is the machine's, so
 * who wants it waits until no other test process has it.
 */
public final class RingSwitch implements AutoCloseable {
  private static final Path SWITCH = Path.of("/sys/module/fuse/parameters/enable_uring");

  /** Not the switch itself: a lock of it would go with whatever else here reads and closes it. */
  private static final Path LOCK =
      Path.of(System.getProperty("java.io.tmpdir"), "strata-tests.enable_uring.lock");

  private final FileChannel lock;
  private final String before;

  private RingSwitch(FileChannel lock, String before) {
    this.lock = lock;
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
    FileChannel lock = FileChannel.open(LOCK, CREATE, WRITE);
    try {
      lock.lock(); // until the channel is closed
      RingSwitch made = new RingSwitch(lock, Files.readString(SWITCH).strip());
      Files.writeString(SWITCH, value);
      return made;
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      Files.writeString(SWITCH, before);
    }
  }
}
