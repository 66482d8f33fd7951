package io.strata.union;

import org.jspecify.annotations.Nullable;

/**
 * How the inode numbers of a layer become node ids and st_ino of the union.
 *
 * <p>The layer stands in the upper bits (as with the xino feature of overlayfs), so numbers of
 * different layers never meet, and each stays what it is across mounts. The lowest layer's st_ino
 * are its own.
 *
 * @param layer 0 for the lowest layer, counted upwards; {@link #UPPER} for the upper
 * @param mark what stands for the layer in an {@link Origin}
 */
record LayerIds(int layer, int mark) {
  /** Node ids have the layer plus one above this bit, so that none is 0 or the root's 1. */
  static final int SHIFT = 48;

  /** Stands for the upper, whatever number of layers it lies on: there are fewer lower ones. */
  static final int UPPER = 255;

  private static final long MASK = (1L << SHIFT) - 1;

  /** In the marks of directories, so that the kernel takes none for that of an image. */
  private static final int DIRECTORY = 0x100;

  LayerIds(int layer) {
    this(layer, layer);
  }

  /** Those of the only image among the layers: of it the kernel knows what is a copy, too. */
  static LayerIds ofOnlyImage(int layer) {
    return new LayerIds(layer, 0);
  }

  static LayerIds ofDirectory(int layer) {
    return new LayerIds(layer, DIRECTORY | layer);
  }

  /**
   * What a mark says; null for one that says nothing to us.
   *
   * @param unmarked what 0 stands for
   */
  static @Nullable LayerIds ofMark(int mark, LayerIds unmarked) {
    if (mark == 0) {
      return unmarked;
    }
    int layer = mark & ~DIRECTORY;
    return layer < UPPER ? new LayerIds(layer, mark) : null;
  }

  /** The node id for {@code reference}, an inode reference of 48 bits. */
  long nodeId(long reference) {
    return (layer + 1L) << SHIFT | fold(reference);
  }

  /** The st_ino for the layer's {@code inode}. */
  long inode(long inode) {
    return (long) layer << SHIFT | fold(inode);
  }

  /** The node id of the union's file with this st_ino: each follows from the other. */
  static long nodeOf(long inode) {
    return inode + (1L << SHIFT);
  }

  /** The st_ino of the file with this node id. */
  static long inodeOf(long node) {
    return node - (1L << SHIFT);
  }

  /** The layer that {@code inode}, a st_ino of the union, is of. */
  static int layerOf(long inode) {
    return (int) (inode >>> SHIFT);
  }

  /** Numbers of more than 48 bits are rare (some network file systems): they are mixed down. */
  private static long fold(long number) {
    return (number & ~MASK) == 0 ? number : (number * 0x9e3779b97f4a7c15L) >>> (64 - SHIFT);
  }
}
