package io.strata.fuse.libfuse;

import io.strata.fuse.FileSystem;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.fuse.Transport;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;

/** Mounts through libfuse.so.2. See the package for what it can't do. */
public final class LibfuseTransport implements Transport {
  /** Names remembered at the most, some 200 bytes each. */
  private static final int NAMES = 1 << 16;

  private final Posix posix;

  public LibfuseTransport(Posix posix) {
    this.posix = posix;
  }

  @Override
  public Session mount(FileSystem fileSystem, MountOptions options) throws FuseMountException {
    boolean readOnly = options.has(Flag.READ_ONLY) || fileSystem.features().readOnly();
    MountOptions all = options.at(real(options.mountPoint())).with(Flag.READ_ONLY, readOnly);
    Libfuse library = load();
    Unmounter unmounter = new Unmounter(posix, all.mountPoint());
    Served served = new Served(posix, fileSystem, NAMES, options.has(Flag.TIMED));
    return new Mounting(library, served, all, unmounter).run();
  }

  private static Path real(Path mountPoint) throws FuseMountException {
    try {
      return mountPoint.toRealPath();
    } catch (IOException e) {
      throw MountTrouble.missingMountPoint(mountPoint);
    }
  }

  private static Libfuse load() throws FuseMountException {
    try {
      return LibraryLoader.create(Libfuse.class).failImmediately().load(Libfuse.NAME);
    } catch (UnsatisfiedLinkError e) {
      throw MountTrouble.missingLibrary(e);
    }
  }
}
