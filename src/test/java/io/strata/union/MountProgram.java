package io.strata.union;

import io.strata.fuse.FileSystem;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.fuse.kernel.KernelTransport;
import io.strata.posix.Posix;
import io.strata.squashfs.SquashFsImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program for experiments by hand: {@code MOUNTPOINT UPPER|- WORK LOWER...} serves a union, or a
 * lone image where UPPER is {@code -}, until it is unmounted.
 */
public final class MountProgram {
  private MountProgram() {}

  /** Serves until the end. */
  public static void main(String[] arguments) throws Exception {
    List<LowerLayer> lowers = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      Path path = Path.of(arguments[i]);
      lowers.add(
          Files.isDirectory(path)
              ? new LowerLayer.Directory(path)
              : new LowerLayer.Image(SquashFsImage.open(path)));
    }
    boolean writable = !"-".equals(arguments[1]);
    DamageLog log = (image, damage) -> System.err.println(image + ": " + damage);
    UpperLayer upper =
        writable ? new UpperLayer(Path.of(arguments[1]), Path.of(arguments[2])) : null;
    FileSystem fileSystem = UnionFileSystem.open(lowers, upper, log);
    Path mountPoint = Path.of(arguments[0]);
    MountOptions options =
        MountOptions.writable(mountPoint, "union")
            .with(Flag.READ_ONLY, !writable)
            .with(Flag.ALLOW_OTHER, "root".equals(System.getProperty("user.name")));
    Session session = new KernelTransport(Posix.system()).mount(fileSystem, options);
    System.err.println("mounted");
    session.awaitEnd();
  }
}
