package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Codes all inodes and directories of an image, in four walks over its inodes: the fields of each
 * inode that do not depend on others, the entries of directories, the numbers, and where the
 * listings are.
 *
 * <p>For reading, {@code now} holds new inodes, which are filled. For writing they are given, and
 * get the values that they have.
 */
final class InodeModel {
  static final long U32 = 0xffff_ffffL;

  private final Residuals values;
  private final Shape shape;
  private final List<Inode> old;
  private final List<Inode> now;
  private final @Nullable Inode[] likes;

  /**
   * A model.
   *
   * @param old the inodes of the source
   * @param now the inodes of the target
   * @param likes for writing: the inode of the source that each of the target is like, or null
   */
  InodeModel(
      Residuals values, Shape shape, List<Inode> old, List<Inode> now, @Nullable Inode[] likes) {
    this.values = values;
    this.shape = shape;
    this.old = old;
    this.now = now;
    this.likes = likes;
  }

  /**
   * Codes everything.
   *
   * @param root the number of the root's record
   */
  void run(int root) throws DeltaException {
    new LikeWalk(values, old, likes).run();
    new FieldWalk(values, shape, now, likes).run();
    new EntryWalk(values, shape, old, now, likes).run();
    new NumberWalk(values, shape.habits(), now, root).run();
    new PlaceWalk(values, shape, now).run();
  }
}
