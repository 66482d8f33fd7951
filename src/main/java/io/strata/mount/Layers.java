package io.strata.mount;

import io.strata.fuse.FileSystem;
import io.strata.mount.MountException.Kind;
import io.strata.posix.Posix;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.SquashFsImage;
import io.strata.store.Lease;
import io.strata.store.StoreException;
import io.strata.union.DamageLog;
import io.strata.union.ImageFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a mount, open and leased, and the file system made of them. Used by one thread at a
 * time; {@link #close} comes after the mount has ended.
 */
final class Layers implements AutoCloseable {
  private final FileSystem fileSystem;
  private final List<Image> images;

  private Layers(FileSystem fileSystem, List<Image> images) {
    this.fileSystem = fileSystem;
    this.images = images;
  }

  /**
   * An open image that nobody collects.
   *
   * @param path where it is
   * @param lease that keeps it
   * @param content what is in it
   */
  record Image(Path path, Lease lease, SquashFsImage content) implements AutoCloseable {
    @Override
    public void close() {
      content.close();
      lease.close();
    }
  }

  /**
   * Opens and leases an image.
   *
   * @throws MountException of kind IMAGE if it is none, or damaged
   */
  static Image check(Posix posix, Path path) throws MountException {
    Lease lease;
    try {
      lease = Lease.of(posix, path);
    } catch (StoreException e) {
      throw new MountException(Kind.IMAGE, String.valueOf(e.getMessage()), e);
    }
    try {
      return new Image(path, lease, SquashFsImage.open(path));
    } catch (CorruptImageException e) {
      lease.close();
      throw new MountException(Kind.IMAGE, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      lease.close();
      throw new MountException(Kind.IMAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Opens all layers of a plan.
   *
   * @throws MountException and nothing is open or leased any more
   */
  static Layers open(Posix posix, MountPlan plan, Log log) throws MountException {
    List<Image> images = new ArrayList<>();
    try {
      Image first = check(posix, plan.image());
      images.add(first);
      DamageLog damage = (image, what) -> log.line(image + ": " + what);
      return new Layers(new ImageFileSystem(first.content(), damage), images);
    } catch (MountException | RuntimeException | Error e) {
      closeAll(images);
      throw e;
    }
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  private static void closeAll(List<Image> images) {
    for (Image image : images) {
      image.close();
    }
  }

  @Override
  public void close() {
    closeAll(images);
  }
}
