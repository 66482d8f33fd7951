package io.strata.mount;

import io.strata.fuse.Attributes;
import io.strata.fuse.FileSystem;
import io.strata.mount.MountException.Kind;
import io.strata.posix.Posix;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.ImageOptions;
import io.strata.squashfs.ImageStatistics;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.tree.PathResolver;
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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
   * @param root the reference of the directory that is mounted
   */
  record Image(Path path, Lease lease, SquashFsImage content, long root) implements AutoCloseable {
    @Override
    public void close() {
      content.close();
      lease.close();
    }
  }

  /**
   * Opens and leases the image of a plan.
   *
   * @throws MountException of kind IMAGE if it is none, or damaged, or has no such directory as is
   *     to be mounted
   */
  static Image check(Posix posix, MountPlan plan) throws MountException {
    return check(posix, plan.image(), plan.offset(), plan.words().subdir());
  }

  private static Image check(
      Posix posix, Path path, OptionalLong offset, Optional<String> directory)
      throws MountException {
    Lease lease;
    try {
      lease = Lease.of(posix, path);
    } catch (StoreException e) {
      throw new MountException(Kind.IMAGE, String.valueOf(e.getMessage()), e);
    }
    try {
      ImageOptions options = ImageOptions.defaults().withOffset(offset);
      SquashFsImage content = SquashFsImage.open(path, options);
      try {
        long root =
            directory.isPresent() ? find(content, directory.get()) : content.rootReference();
        return new Image(path, lease, content, root);
      } catch (IOException | MountException e) {
        content.close();
        throw e;
      }
    } catch (IOException e) {
      lease.close();
      throw new MountException(Kind.IMAGE, String.valueOf(e.getMessage()), e);
    } catch (MountException e) {
      lease.close();
      throw e;
    }
  }

  private static long find(SquashFsImage image, String directory)
      throws IOException, MountException {
    String what = image.path() + ": -o subdir=" + directory + ": ";
    byte[] path = directory.getBytes(MountTable.fileNameCharset());
    try {
      Inode inode = new PathResolver(image).resolve(path, true).inode();
      if (inode instanceof DirectoryInode) {
        return inode.reference();
      }
      throw new MountException(Kind.IMAGE, what + "not a directory; name one of the image");
    } catch (FileSystemException e) {
      throw new MountException(
          Kind.IMAGE, what + "no such directory in the image; 'strata image ls' shows them", e);
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
      LowerLayer first = first(posix, plan, images);
      if (first instanceof LowerLayer.Image image
          && plan.upper().isEmpty()
          && plan.lowers().isEmpty()) {
        return new Layers(new ImageFileSystem(image, lifetime(plan), damage), images);
      }
      return new Layers(union(posix, plan, first, images, damage), images);
    } catch (MountException | RuntimeException | Error e) {
      closeAll(images);
      throw e;
    }
  }

  private static LowerLayer first(Posix posix, MountPlan plan, List<Image> images)
      throws MountException {
    if (Files.isDirectory(plan.image())) {
      return new LowerLayer.Directory(plan.image());
    }
    Image image = check(posix, plan);
    images.add(image);
    return layer(plan, image);
  }

  private static UnionFileSystem union(
      Posix posix, MountPlan plan, LowerLayer first, List<Image> images, DamageLog damage)
      throws MountException {
    List<LowerLayer> lowers = new ArrayList<>();
    lowers.add(first);
    for (LowerSource lower : plan.lowers()) {
      LowerLayer layer = lower(posix, plan, lower, images);
      lowers.add(lower.dataOnly() ? new LowerLayer.DataOnly(layer) : layer);
    }
    UpperLayer upper = upper(plan, lowers);
    try {
      return UnionFileSystem.open(lowers, upper, lifetime(plan), damage);
    } catch (UpperInUseException e) {
      throw new MountException(Kind.BUSY, String.valueOf(e.getMessage()), e);
    } catch (UnionException e) {
      throw new MountException(Kind.MOUNT, String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable UpperLayer upper(MountPlan plan, List<LowerLayer> lowers)
      throws MountException {
    if (plan.upper().isEmpty() || plan.work().isEmpty()) {
      return null;
    }
    Path upper = plan.upper().get();
    Base base = BaseLayers.of(plan, lowers);
    BaseRule rule = new BaseRule(upper, base, plan.words().acceptNewBase());
    return new UpperLayer(upper, plan.work().get(), rule, plan.words().upperFormat().features());
  }

  private static LowerLayer lower(
      Posix posix, MountPlan plan, LowerSource lower, List<Image> images) throws MountException {
    if (Files.isDirectory(lower.path())) {
      return new LowerLayer.Directory(lower.path());
    }
    Image image = check(posix, lower.path(), lower.offset(), Optional.empty());
    images.add(image);
    return layer(plan, image);
  }

  private static LowerLayer.Image layer(MountPlan plan, Image image) {
    Owners owners = new Owners(plan.words().uid(), plan.words().gid());
    return new LowerLayer.Image(image.content(), image.root(), owners);
  }

  // A mount that ends when unused has to hear of its use, which the kernel's caches hide.
  private static long lifetime(MountPlan plan) {
    OptionalInt timeout = plan.words().timeout();
    return timeout.isPresent()
        ? IdleWatch.step(Duration.ofSeconds(timeout.getAsInt())).toNanos()
        : Attributes.FOREVER;
  }

  /** Where in its file the topmost image begins, in bytes; 0 if there is no image. */
  long offset() {
    return images.isEmpty() ? 0 : images.getFirst().content().offset();
  }

  /** What the caches of all images together did so far. */
  ImageStatistics statistics() {
    return images.stream()
        .map(image -> image.content().statistics())
        .reduce(ImageStatistics.NONE, ImageStatistics::plus);
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
