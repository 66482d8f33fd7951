package io.strata.union;

import io.strata.RingSwitch;
import io.strata.fuse.Attributes;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.fuse.Transport;
import io.strata.fuse.kernel.KernelTransport;
import io.strata.fuse.libfuse.LibfuseTransport;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A union on a mount point; unmounted when closed. {@code -Dstrata.transport=libfuse} has those
 * that don't ask for another transport served by libfuse, {@code io_uring} over io_uring.
 */
record UnionMount(Path path, Session session) implements AutoCloseable {
  private static final @Nullable String TRANSPORT = System.getProperty("strata.transport");

  /** Mounts lower layers under {@code directory/upper} on {@code directory/mnt}. */
  static UnionMount of(Path directory, List<LowerLayer> lowers)
      throws IOException, UnionException, FuseMountException {
    return of(directory, lowers, null);
  }

  /** The same with an upper of this form, or with null of the best that is possible. */
  static UnionMount of(Path directory, List<LowerLayer> lowers, @Nullable UpperForm form)
      throws IOException, UnionException, FuseMountException {
    return of(directory, lowers, form, UpperFeatures.ALL);
  }

  /** The same over io_uring. */
  static UnionMount overRing(Path directory, List<LowerLayer> lowers)
      throws IOException, UnionException, FuseMountException {
    try (RingSwitch on = RingSwitch.on()) {
      return of(directory, lowers, null, true, UpperFeatures.ALL);
    }
  }

  /** The same with an upper that is written with these features. */
  static UnionMount with(UpperFeatures features, Path directory, List<LowerLayer> lowers)
      throws IOException, UnionException, FuseMountException {
    return of(directory, lowers, null, features);
  }

  private static UnionMount of(
      Path directory, List<LowerLayer> lowers, @Nullable UpperForm form, UpperFeatures features)
      throws IOException, UnionException, FuseMountException {
    if (!"io_uring".equals(TRANSPORT)) {
      return of(directory, lowers, form, false, features);
    }
    try (RingSwitch on = RingSwitch.on()) {
      return of(directory, lowers, form, true, features);
    }
  }

  private static UnionMount of(
      Path directory,
      List<LowerLayer> lowers,
      @Nullable UpperForm form,
      boolean ring,
      UpperFeatures features)
      throws IOException, UnionException, FuseMountException {
    Path upper = Files.createDirectories(directory.resolve("upper"));
    Path mountPoint = Files.createDirectories(directory.resolve("mnt"));
    DamageLog log = (image, damage) -> System.err.println(image + ": " + damage);
    UnionFileSystem union =
        UnionFileSystem.open(
            lowers,
            new UpperLayer(upper, directory.resolve("work"), BaseCheck.NONE, features),
            form,
            Attributes.FOREVER,
            log);
    try {
      MountOptions options =
          MountOptions.writable(mountPoint, "union")
              .with(Flag.ALLOW_OTHER, true)
              .with(Flag.IO_URING, ring);
      return new UnionMount(mountPoint, transport(ring).mount(union, options));
    } catch (FuseMountException e) {
      union.close();
      throw e;
    }
  }

  private static Transport transport(boolean ring) {
    boolean libfuse = !ring && "libfuse".equals(TRANSPORT);
    return libfuse ? new LibfuseTransport(Posix.system()) : new KernelTransport(Posix.system());
  }

  @Override
  public void close() throws FuseMountException, InterruptedException {
    session.unmount();
  }
}
