package io.strata.union;

import io.strata.squashfs.SquashFsImage;
import java.nio.file.Path;

/** A read-only layer of a union. */
public sealed interface LowerLayer {
  /**
   * An open image, which stays the caller's.
   *
   * @param image the image
   * @param root the reference of the directory that is the root of the layer
   * @param owners whom its files belong to
   */
  record Image(SquashFsImage image, long root, Owners owners) implements LowerLayer {
    /** All of an image, whose files belong to whom it says. */
    public Image(SquashFsImage image) {
      this(image, image.rootReference(), Owners.OF_IMAGE);
    }
  }

  /** A directory of the host, which nobody changes while it is a layer. */
  record Directory(Path path) implements LowerLayer {}

  /**
   * A layer of which nothing shows: it only has data of files whose metadata is in layers above,
   * with a redirect that is a path. Such layers are the lowest.
   *
   * <p>Source: "Data-only lower layers" of Documentation/filesystems/overlayfs.rst.
   */
  record DataOnly(LowerLayer layer) implements LowerLayer {}
}
