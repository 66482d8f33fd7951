package io.strata.union;

import io.strata.RingSwitch;
import io.strata.fuse.Attributes;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.fuse.kernel.KernelTransport;
import io.strata.posix.Posix;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An image mounted read-only by this process; unmounted when closed.
 *
 * @param damage what its log heard
 */
public record ImageMount(Path path, SquashFsImage image, Session session, List<String> damage)
    implements AutoCloseable {
  /** Mounts {@code image} on the directory {@code mountPoint}. */
  public static ImageMount of(Path image, Path mountPoint) throws IOException, FuseMountException {
    return of(image, mountPoint, false);
  }

  /** The same over io_uring. */
  public static ImageMount overRing(Path image, Path mountPoint)
      throws IOException, FuseMountException {
    try (RingSwitch on = RingSwitch.on()) {
      return of(image, mountPoint, true);
    }
  }

  private static ImageMount of(Path image, Path mountPoint, boolean ring)
      throws IOException, FuseMountException {
    SquashFsImage opened = SquashFsImage.open(image);
    List<String> damage = Collections.synchronizedList(new ArrayList<>());
    ImageFileSystem fileSystem =
        new ImageFileSystem(
            new LowerLayer.Image(opened), Attributes.FOREVER, (name, what) -> damage.add(what));
    try {
      MountOptions options =
          MountOptions.readOnly(mountPoint, "image")
              .with(Flag.ALLOW_OTHER, true)
              .with(Flag.IO_URING, ring);
      Session session = new KernelTransport(Posix.system()).mount(fileSystem, options);
      return new ImageMount(mountPoint, opened, session, damage);
    } catch (FuseMountException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public void close() throws FuseMountException, InterruptedException {
    session.unmount();
    image.close();
  }
}
