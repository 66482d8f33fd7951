package io.strata.delta.sqdelta2;

import static io.strata.delta.sqdelta2.InodeModel.U32;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Inode.IndexEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Codes the fields of each inode on its own, and with them the length that it has in its table. */
final class FieldWalk {
  private static final int TIME_OF_LIKE = 0;
  private static final int TIME_OF_LAST = 1;
  private static final int TIME_OTHER = 2;

  private static final int TEXT_OF_LIKE = 0;
  private static final int TEXT_OTHER = 1;

  private final Residuals values;
  private final Shape shape;
  private final List<Inode> now;
  private final @Nullable Inode[] likes;
  private final FileFields files;
  private final Inode[] last = new Inode[Inode.EXTENDED + 1];
  private int lastTime;
  private long position;

  FieldWalk(Residuals values, Shape shape, List<Inode> now, @Nullable Inode[] likes) {
    this.values = values;
    this.shape = shape;
    this.now = now;
    this.likes = likes;
    this.files = new FileFields(values, shape);
    Arrays.setAll(last, i -> new Inode());
  }

  void run() throws DeltaException {
    for (int i = 0; i < now.size(); i++) {
      inode(now.get(i), likes[i]);
    }
    if (position != shape.inodeLength()) {
      throw new DeltaException(
          "the inodes take " + position + " bytes of a table of " + shape.inodeLength());
    }
  }

  private void inode(Inode inode, @Nullable Inode like) throws DeltaException {
    int likely = like == null ? Inode.FILE : like.type;
    inode.type =
        (int) values.number(Column.TYPE, likely - 1, inode.type - 1, 2 * Inode.EXTENDED - 1) + 1;
    Inode kin = like != null && like.basicType() == inode.basicType() ? like : null;
    Inode model = kin == null ? last[inode.basicType()] : kin;
    inode.mode = (int) values.number(Column.MODE, model.mode, inode.mode, 0xffff);
    inode.uid = (int) values.number(Column.UID, model.uid, inode.uid, 0xffff);
    inode.gid = (int) values.number(Column.GID, model.gid, inode.gid, 0xffff);
    inode.time = time(inode.time, like);
    specific(inode, kin);
    last[inode.basicType()] = inode;
    inode.position = (int) position;
    position += inode.length();
    if (position > shape.inodeLength()) {
      throw new DeltaException("the inodes do not fit the " + shape.inodeLength() + " bytes said");
    }
  }

  private int time(int actual, @Nullable Inode like) throws DeltaException {
    int how = TIME_OTHER;
    if (like != null && like.time == actual) {
      how = TIME_OF_LIKE;
    } else if (actual == lastTime) {
      how = TIME_OF_LAST;
    }
    how = (int) values.number(Column.TIME_HOW, 0, how, TIME_OTHER);
    if (how == TIME_OF_LIKE && like != null) {
      return like.time;
    }
    if (how == TIME_OTHER) {
      long time = values.number(Column.TIME, lastTime & U32, actual & U32, U32);
      lastTime = (int) time;
    }
    return lastTime;
  }

  private void specific(Inode inode, @Nullable Inode kin) throws DeltaException {
    if (inode.basicType() == Inode.FILE) {
      files.code(inode, kin);
    } else if (!inode.isDirectory()) {
      inode.nlink = u32(Column.NLINK, kin == null ? 1 : kin.nlink, inode.nlink);
    }
    switch (inode.basicType()) {
      case Inode.DIRECTORY -> indexes(inode, kin);
      case Inode.SYMLINK -> inode.text = text(inode.text, kin == null ? null : kin.text);
      case Inode.BLOCK_DEVICE, Inode.CHARACTER_DEVICE ->
          inode.device = u32(Column.DEVICE, kin == null ? 0 : kin.device, inode.device);
      default -> {} // files are done, pipes and sockets have no more
    }
    if (inode.isExtended()) {
      int likely = kin == null ? Inode.NO_XATTR : kin.xattr;
      inode.xattr = u32(Column.XATTR, likely, inode.xattr);
    }
  }

  private int u32(Column column, int predicted, int actual) throws DeltaException {
    return (int) values.number(column, predicted & U32, actual & U32, U32);
  }

  /** The names in a directory's index, upon which its length depends. */
  private void indexes(Inode inode, @Nullable Inode kin) throws DeltaException {
    if (!inode.isExtended()) {
      return;
    }
    List<IndexEntry> likely = kin == null ? List.of() : kin.indexes;
    int count = (int) values.number(Column.INDEXES, likely.size(), inode.indexes.size(), 0xffff);
    List<IndexEntry> entries = values.reads() ? new ArrayList<>() : inode.indexes;
    for (int i = 0; i < count; i++) {
      byte[] like = i < likely.size() ? likely.get(i).name : null;
      byte[] name = text(values.reads() ? new byte[0] : entries.get(i).name, like);
      if (name.length == 0) {
        throw new DeltaException("the index of a directory has an empty name");
      }
      if (values.reads()) {
        entries.add(new IndexEntry(name));
      }
    }
    inode.indexes = entries;
  }

  private byte[] text(byte[] actual, byte @Nullable [] like) throws DeltaException {
    if (like == null) {
      return values.text(Column.TEXT, actual);
    }
    int how = Arrays.equals(actual, like) ? TEXT_OF_LIKE : TEXT_OTHER;
    how = (int) values.number(Column.TEXT_HOW, 0, how, TEXT_OTHER);
    return how == TEXT_OF_LIKE ? like : values.text(Column.TEXT, actual);
  }
}
