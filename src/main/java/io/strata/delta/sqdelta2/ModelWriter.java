package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Segment.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes inodes and directories as the model has them, if they come back from it. */
final class ModelWriter {
  private final ImageModel source;
  private final ImageModel target;
  private final int root;
  private final @Nullable Inode[] likes;

  /**
   * A writer.
   *
   * @param likes of the target's inodes
   * @param root the number of the root's record in the target
   */
  ModelWriter(ImageModel source, ImageModel target, @Nullable Inode[] likes, int root) {
    this.source = source;
    this.target = target;
    this.root = root;
    this.likes = likes;
  }

  /** The columns with the fewest surprises; null if no model gives the tables back. */
  @Nullable ResidualWriter best() {
    Habits habits = Habits.MKSQUASHFS;
    ResidualWriter best = attempt(habits);
    for (int bit = 1; best != null && bit < Habits.ALL; bit <<= 1) {
      Habits other = Habits.of(habits.number() ^ bit);
      ResidualWriter attempt = attempt(other);
      if (attempt != null && attempt.surprises() < best.surprises()) {
        habits = other;
        best = attempt;
      }
    }
    return best != null && comesBack(best, habits) ? best : null;
  }

  private @Nullable ResidualWriter attempt(Habits habits) {
    ResidualWriter out = new ResidualWriter();
    int count = target.inodes().size();
    try {
      out.plain(Column.LAYOUT, count);
      out.number(Column.LAYOUT, count - 1L, root, count);
      out.plain(Column.LAYOUT, habits.number());
      new InodeModel(out, shape(habits), source.inodes(), target.inodes(), likes.clone()).run(root);
      return out;
    } catch (DeltaException _) {
      return null;
    }
  }

  private Shape shape(Habits habits) {
    MetadataTable inodeTable = target.table(Kind.INODES);
    MetadataTable directoryTable = target.table(Kind.DIRECTORIES);
    return new Shape(
        target.superblock().blockSize(),
        target.tiles(),
        inodeTable.starts(),
        directoryTable.starts(),
        inodeTable.plain().length,
        directoryTable.plain().length,
        habits);
  }

  private boolean comesBack(ResidualWriter written, Habits habits) {
    ResidualReader in = new ResidualReader(written.contents());
    List<Inode> inodes = new ArrayList<>();
    for (int i = 0; i < target.inodes().size(); i++) {
      inodes.add(new Inode());
    }
    try {
      new InodeModel(in, shape(habits), source.inodes(), inodes, new Inode[inodes.size()])
          .run(root);
    } catch (DeltaException _) {
      return false;
    }
    byte[] directories = DirectoryTable.write(inodes, target.table(Kind.INODES).starts());
    return Arrays.equals(InodeTable.write(inodes), target.table(Kind.INODES).plain())
        && Arrays.equals(directories, target.table(Kind.DIRECTORIES).plain());
  }
}
