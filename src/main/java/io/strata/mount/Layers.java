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
import io.strata.union.LowerLayer;
import io.strata.union.Owners;
import io.strata.union.UnionException;
import io.strata.union.UnionFileSystem;
import io.strata.union.UpperInUseException;
import io.strata.union.UpperLayer;
import java.io.IOException;
import java.nio.file.Files;
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
    DamageLog damage = new DamageLines(log);
    try {
      Image first = check(posix, plan.image());
      images.add(first);
      if (plan.upper().isEmpty() && plan.lowers().isEmpty()) {
        return new Layers(new ImageFileSystem(first.content(), owners(plan), damage), images);
      }
      return new Layers(union(posix, plan, images, damage), images);
    } catch (MountException | RuntimeException | Error e) {
      closeAll(images);
      throw e;
    }
  }

  private static UnionFileSystem union(
      Posix posix, MountPlan plan, List<Image> images, DamageLog damage) throws MountException {
    List<LowerLayer> lowers = new ArrayList<>();
    lowers.add(new LowerLayer.Image(images.getFirst().content(), owners(plan)));
    for (Path lower : plan.lowers()) {
      lowers.add(lower(posix, lower, owners(plan), images));
    }
    UpperLayer upper = null;
    if (plan.upper().isPresent() && plan.work().isPresent()) {
      upper = new UpperLayer(plan.upper().get(), plan.work().get());
    }
    try {
      return UnionFileSystem.open(lowers, upper, damage);
    } catch (UpperInUseException e) {
      throw new MountException(Kind.BUSY, String.valueOf(e.getMessage()), e);
    } catch (UnionException e) {
      throw new MountException(Kind.MOUNT, String.valueOf(e.getMessage()), e);
    }
  }

  private static LowerLayer lower(Posix posix, Path path, Owners owners, List<Image> images)
      throws MountException {
    if (Files.isDirectory(path)) {
      return new LowerLayer.Directory(path);
    }
    Image image = check(posix, path);
    images.add(image);
    return new LowerLayer.Image(image.content(), owners);
  }

  private static Owners owners(MountPlan plan) {
    return new Owners(plan.words().uid(), plan.words().gid());
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  private static void closeAll(List<Image> images) {
    for (Image image : images) {
      image.close();
    }
  }

  /** Ends the file system, if the mount has not, and gives up the leases. */
  @Override
  public void close() {
    if (fileSystem instanceof UnionFileSystem union) {
      union.close();
    }
    closeAll(images);
  }
}
