package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;

/** A file of a lower layer, of any type. Immutable, as the layers are while they are mounted. */
sealed interface Lower permits ImageLower, DirectoryLower, MetacopyLower {
  /** Its st_ino in the union: the same for all names of one file, and in every mount. */
  long inode();

  /** Those of its layer, whatever {@link #inode} is made with. */
  LayerIds layerIds();

  /** Tells its layer from others that may take its place. */
  int generation();

  /** What handles have as generation: as {@link #generation}, of all that share its numbers. */
  default int handleGeneration() {
    return generation();
  }

  /** Whether both are the same file, and not only two that claim the same number. */
  boolean isSameFile(Lower other);

  /** Its type bits ({@code S_IFMT}). */
  int type();

  default boolean isDirectory() {
    return type() == Stat.S_IFDIR;
  }

  /** How many names it has in its layer. */
  int linkCount() throws ErrnoException;

  /** Whether it may not be changed, or only grow: flags of {@link Protection}; mostly 0. */
  default int protection() {
    return 0;
  }

  /**
   * Opens a regular file or a directory for asking of which flags it has ({@link InodeFlags}); the
   * caller closes what it gets. -1 where its layer has no such flags.
   */
  default int openForFlags() throws ErrnoException {
    return -1;
  }

  /** Fills in all attributes but the lifetime. */
  void attributes(Attributes attributes) throws ErrnoException;

  /** The entry {@code name} of a directory, or null. It may be a whiteout. */
  @Nullable Lower child(Name name) throws ErrnoException;

  /**
   * Whether it bears any attribute of the overlay format. Mostly it does not, and nobody needs to
   * ask for one after the other.
   */
  boolean isMarked() throws ErrnoException;

  /** Whether it only hides the name below it. */
  boolean isWhiteout() throws ErrnoException;

  /** Whether a directory hides the one below it. */
  boolean isOpaque() throws ErrnoException;

  /** Where the layers below have this directory, as overlay.redirect says; mostly null. */
  byte @Nullable [] redirect() throws ErrnoException;

  /** Gives all entries of a directory but {@code .} and {@code ..}. */
  void list(EntryVisitor visitor) throws ErrnoException;

  byte[] readLink() throws ErrnoException;

  /** Opens a regular file; the caller closes what it gets. */
  LowerReader open() throws ErrnoException;

  /** The attribute's value, or null. */
  byte @Nullable [] xattr(byte[] name) throws ErrnoException;

  /**
   * The origin that kernel overlayfs records of copies of this file, where it is another than ours:
   * see {@link Origin#ofKernel}. Null where nobody can tell.
   */
  default @Nullable Origin kernelOrigin() throws ErrnoException {
    return null;
  }

  /** The names of all attributes, each with its NUL. */
  byte[] xattrNames() throws ErrnoException;
}
