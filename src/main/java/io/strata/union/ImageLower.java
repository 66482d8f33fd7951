package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Stat;
import io.strata.squashfs.DeviceInode;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A file of an image layer. */
record ImageLower(ImageReading reading, LayerIds ids, long reference, long number, int type)
    implements Lower {
  static ImageLower of(ImageReading reading, LayerIds ids, long reference) throws ErrnoException {
    Inode inode = reading.inode(reference);
    return new ImageLower(reading, ids, reference, inode.inodeNumber(), inode.mode() & Stat.S_IFMT);
  }

  private SquashFsImage image() {
    return reading.image();
  }

  private Inode readInode() throws ErrnoException {
    Inode inode = reading.inode(reference);
    if (inode.inodeNumber() != number || (inode.mode() & Stat.S_IFMT) != type) {
      throw ErrnoException.of(Errno.EIO); // a damaged entry, which looking it up puts into the log
    }
    return inode;
  }

  @Override
  public long inode() {
    return ids.inode(number);
  }

  @Override
  public LayerIds layerIds() {
    return ids;
  }

  @Override
  public int generation() {
    return image().identity();
  }

  @Override
  public boolean isSameFile(Lower other) {
    return other instanceof ImageLower file
        && file.reading == reading
        && file.reference == reference;
  }

  @Override
  public int linkCount() throws ErrnoException {
    return (int) readInode().linkCount();
  }

  /** How many names another file of the image has; 0 where there is none with this number. */
  int linkCountOf(long otherNumber) throws ErrnoException {
    try {
      long found = image().referenceOf(otherNumber);
      return found == SquashFsImage.NOT_FOUND ? 0 : (int) image().inode(found).linkCount();
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public void attributes(Attributes attributes) throws ErrnoException {
    reading.fill(readInode(), attributes);
    attributes.device = Whiteouts.shown(attributes.device);
    attributes.inode = inode();
  }

  @Override
  public @Nullable Lower child(Name name) throws ErrnoException {
    long found = reading.lookup(reading.directory(reference), name.bytes());
    return found == SquashFsImage.NOT_FOUND ? null : of(reading, ids, found);
  }

  @Override
  public boolean isMarked() throws ErrnoException {
    return readInode().hasXattrs();
  }

  @Override
  public boolean isWhiteout() throws ErrnoException {
    return switch (readInode()) {
      case DeviceInode device -> device.device() == 0 && isCharacterDevice();
      case FileInode file ->
          file.size() == 0
              && file.hasXattrs()
              && (xattr(OverlayXattrs.PRIVILEGED.whiteout()) != null
                  || xattr(OverlayXattrs.UNPRIVILEGED.whiteout()) != null);
      default -> false;
    };
  }

  private boolean isCharacterDevice() {
    return type == Stat.S_IFCHR;
  }

  @Override
  public boolean isOpaque() throws ErrnoException {
    return readInode().hasXattrs()
        && (Arrays.equals(xattr(OverlayXattrs.PRIVILEGED.opaque()), OverlayXattrs.YES)
            || Arrays.equals(xattr(OverlayXattrs.UNPRIVILEGED.opaque()), OverlayXattrs.YES));
  }

  @Override
  public byte @Nullable [] redirect() throws ErrnoException {
    if (!readInode().hasXattrs()) {
      return null;
    }
    byte[] trusted = xattr(OverlayXattrs.PRIVILEGED.redirect());
    return trusted != null ? trusted : xattr(OverlayXattrs.UNPRIVILEGED.redirect());
  }

  @Override
  public void list(EntryVisitor visitor) throws ErrnoException {
    DirectoryCursor cursor = image().newDirectoryCursor();
    try {
      cursor.open(reading.directory(reference), 0);
      while (cursor.next()) {
        if (cursor.nameLength() <= Name.MAX) {
          byte[] name = Arrays.copyOf(cursor.nameBytes(), cursor.nameLength());
          long inode = ids.inode(cursor.inodeNumber());
          visitor.entry(Name.sharing(name), cursor.type(), inode, file(cursor));
        }
      }
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  /** The file of an entry; null for a damaged directory, so that looking it up gives the error. */
  private @Nullable ImageLower file(DirectoryCursor entry) {
    if (entry.type() == Stat.S_IFDIR) {
      try {
        reading.inode(entry);
      } catch (ErrnoException e) {
        return null;
      }
    }
    return new ImageLower(reading, ids, entry.reference(), entry.inodeNumber(), entry.type());
  }

  @Override
  public byte[] readLink() throws ErrnoException {
    if (!(readInode() instanceof SymlinkInode link)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    try {
      return image().symlinkTarget(link);
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public LowerReader open() throws ErrnoException {
    return new Reader(this, reading.file(reference));
  }

  @Override
  public byte @Nullable [] xattr(byte[] name) throws ErrnoException {
    try {
      return image().xattr(readInode(), name);
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  @Override
  public byte[] xattrNames() throws ErrnoException {
    try {
      ByteArrayOutputStream names = new ByteArrayOutputStream();
      for (byte[] name : image().xattrNames(readInode())) {
        names.writeBytes(name);
        names.write(0);
      }
      return names.toByteArray();
    } catch (IOException e) {
      throw reading.failed(e);
    }
  }

  /** Needs nothing open. */
  record Reader(ImageLower lower, FileInode file) implements LowerReader {
    @Override
    public int read(long offset, int size, NativeBuffer target, int targetOffset)
        throws ErrnoException {
      try {
        return lower.image().read(file, offset, size, target, targetOffset);
      } catch (IOException e) {
        throw lower.reading.failed(e);
      }
    }

    @Override
    public long seek(long offset, int whence) throws ErrnoException {
      return lower.reading.seek(file, offset, whence);
    }

    @Override
    public int descriptor() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
