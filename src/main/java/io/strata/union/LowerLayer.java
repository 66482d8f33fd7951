package io.strata.union;

import io.strata.squashfs.SquashFsImage;
import java.nio.file.Path;

/** A read-only layer of a union. */
public sealed interface LowerLayer {
  /** An open image, which stays the caller's. */
  record Image(SquashFsImage image) implements LowerLayer {}

  /** A directory of the host, which nobody changes while it is a layer. */
  record Directory(Path path) implements LowerLayer {}
}
