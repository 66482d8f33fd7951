package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.strata.TestData;
import io.strata.fuse.Attributes;
import io.strata.fuse.Features;
import io.strata.fuse.MemoryFileSystem;
import io.strata.fuse.MountOptions;
import io.strata.fuse.Opened;
import io.strata.fuse.Request;
import io.strata.fuse.Session;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Passthrough to backing files")
@Timeout(60)
class PassthroughIT {
  @TempDir Path directory;

  /** Serves the content of one file from a file on disk. */
  private static final class Backed extends MemoryFileSystem {
    private final Posix posix;
    private final int descriptor;
    private boolean offers = true;

    Backed(Posix posix, Features features, int descriptor) {
      super(features);
      this.posix = posix;
      this.descriptor = descriptor;
    }

    @Override
    public synchronized void open(Request request, long node, int flags, Opened opened)
        throws ErrnoException {
      super.open(request, node, flags, opened);
      opened.backingDescriptor = offers ? descriptor : -1;
    }

    @Override
    public int read(
        Request request,
        long node,
        long handle,
        long offset,
        int size,
        NativeBuffer target,
        int targetOffset)
        throws ErrnoException {
      return posix.files().pread(descriptor, target.address() + targetOffset, size, offset);
    }

    @Override
    public synchronized void getAttributes(
        Request request, long node, boolean hasHandle, long handle, Attributes attributes)
        throws ErrnoException {
      super.getAttributes(request, node, hasHandle, handle, attributes);
      if (node != ROOT) {
        Stat stat = new Stat();
        posix.files().stat(descriptor, stat);
        attributes.size = stat.size;
      }
    }
  }

  @Test
  @DisplayName("lets the kernel read and write the file itself, and mixes with ordinary openings")
  void passesThrough() throws Exception {
    TestData.needsRoot();
    TestData.needsFuse();
    Posix posix = Posix.system();
    Path file = Files.write(directory.resolve("backing"), new byte[0]);
    byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
    int descriptor = posix.names().open(NameCalls.AT_FDCWD, path, NameCalls.O_RDWR, 0);
    Features features = new Features(false, true, true, false, false);
    Backed tree = new Backed(posix, features, descriptor);
    tree.file("f", new byte[0]);
    Path mountPoint = Files.createDirectory(directory.resolve("mnt"));
    Session session =
        new KernelTransport(posix).mount(tree, MountOptions.writable(mountPoint, "backed"));
    try {
      assumeTrue(tree.connection().passthrough(), "needs FUSE_PASSTHROUGH (Linux 6.9)");
      assertFalse(tree.connection().writebackCache()); // the kernel has one or the other
      exercise(session, tree, mountPoint.resolve("f"), file);
    } finally {
      session.unmount();
      posix.files().close(descriptor);
    }
  }

  /** The kernel does not wait for what it says of a file that was closed. */
  private static void awaitRelease(Backed tree) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (tree.openings() > 0) {
      assertTrue(System.nanoTime() < end, "not released");
      Thread.sleep(5);
    }
  }

  private static void exercise(Session session, Backed tree, Path f, Path file) throws Exception {
    byte[] content = new byte[3_000_000];
    content[1_234_567] = 1;
    Files.write(f, content, StandardOpenOption.WRITE);
    assertArrayEquals(content, Files.readAllBytes(file));
    assertArrayEquals(content, Files.readAllBytes(f));
    assertEquals(0, session.statistics().bytesRead() + session.statistics().bytesWritten());

    // An opening without a descriptor follows the one that goes on, and the other way round.
    try (InputStream open = Files.newInputStream(f)) {
      tree.offers = false;
      assertArrayEquals(content, Files.readAllBytes(f));
      assertEquals(0, open.read());
    }
    assertEquals(0, session.statistics().bytesRead());
    awaitRelease(tree);
    try (InputStream open = Files.newInputStream(f)) {
      tree.offers = true;
      assertEquals(content.length, Files.readAllBytes(f).length);
      assertTrue(session.statistics().requests().getOrDefault("READ", 0L) > 0);
      assertTrue(open.available() >= 0);
    }
    awaitRelease(tree);
    long before = session.statistics().requests().getOrDefault("READ", 0L);
    assertArrayEquals(content, Files.readAllBytes(f)); // and now it passes through again
    assertEquals(before, session.statistics().requests().getOrDefault("READ", 0L));
  }
}
