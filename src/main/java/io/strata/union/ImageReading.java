package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.DeviceInode;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;

/**
 * An image as file systems see it: errors are errnos, and what is damaged goes to a log. Allocates
 * nothing for inodes that the image has in its cache. Thread-safe.
 */
final class ImageReading {
  /** As lseek(2). */
  static final int SEEK_DATA = 3;

  static final int SEEK_HOLE = 4;

  /**
   * st_blksize of directories: opendir(3) makes its buffer that large, and the kernel one of that
   * size for each request.
   */
  private static final int DIRECTORY_BLOCK = 4096;

  private final SquashFsImage image;
  private final long root;
  private final Owners owners;
  private final DamageLog log;

  ImageReading(LowerLayer.Image layer, DamageLog log) {
    this.image = layer.image();
    this.root = layer.root();
    this.owners = layer.owners();
    this.log = log;
  }

  SquashFsImage image() {
    return image;
  }

  /** The reference of the directory that stands for the root. */
  long root() {
    return root;
  }

  Inode inode(long reference) throws ErrnoException {
    try {
      return image.inode(reference);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The inode of the entry that a cursor stands on. */
  Inode inode(DirectoryCursor entry) throws ErrnoException {
    try {
      return image.inode(entry);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * The inode that a node id of the kernel's stands for. The kernel may have the id from a file
   * handle that somebody kept, or made up: where no inode is, ESTALE is what NFS expects.
   */
  Inode inodeOfHandle(long reference) throws ErrnoException {
    try {
      return image.inode(reference);
    } catch (CorruptImageException e) {
      throw ErrnoException.of(Errno.ESTALE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** ESTALE unless an inode begins at {@code reference}, as far as the image tells. */
  void checkHandle(long reference) throws ErrnoException {
    try {
      if (!image.isInode(reference)) {
        throw ErrnoException.of(Errno.ESTALE);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The reference of the directory above {@code directory}; ESTALE if nothing tells it. */
  long above(DirectoryInode directory) throws ErrnoException {
    try {
      long parent = image.parentOf(directory);
      if (parent == SquashFsImage.NOT_FOUND) {
        throw ErrnoException.of(Errno.ESTALE);
      }
      return parent;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  DirectoryInode directory(long reference) throws ErrnoException {
    return directory(inode(reference));
  }

  static DirectoryInode directory(Inode inode) throws ErrnoException {
    if (inode instanceof DirectoryInode directory) {
      return directory;
    }
    throw ErrnoException.of(Errno.ENOTDIR);
  }

  FileInode file(long reference) throws ErrnoException {
    return file(inode(reference));
  }

  static FileInode file(Inode inode) throws ErrnoException {
    return switch (inode) {
      case FileInode file -> file;
      case DirectoryInode directory -> throw ErrnoException.of(Errno.EISDIR);
      default -> throw ErrnoException.of(Errno.EINVAL);
    };
  }

  /**
   * The reference of an entry, or {@link SquashFsImage#NOT_FOUND}. Names are too long from 256
   * bytes on, but an image may hold some of 256 all the same.
   */
  long lookup(DirectoryInode directory, byte[] name) throws ErrnoException {
    try {
      boolean possible = name.length <= DirectoryCursor.SQUASHFS_NAME_LEN;
      long found = possible ? image.lookup(directory, name) : SquashFsImage.NOT_FOUND;
      if (found == SquashFsImage.NOT_FOUND && name.length > Name.MAX) {
        throw ErrnoException.of(Errno.ENAMETOOLONG);
      }
      return found;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** As lseek(2) with SEEK_DATA or SEEK_HOLE. */
  long seek(FileInode file, long offset, int whence) throws ErrnoException {
    if (whence != SEEK_DATA && whence != SEEK_HOLE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    try {
      boolean outside = offset < 0 || offset >= file.size();
      long found =
          outside
              ? -1
              : whence == SEEK_DATA ? image.seekData(file, offset) : image.seekHole(file, offset);
      if (found < 0) {
        throw ErrnoException.of(Errno.ENXIO);
      }
      return found;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Logs what went wrong; gives what to throw. */
  ErrnoException failed(IOException e) {
    String name = image.path().toString();
    if (e instanceof CorruptImageException corrupt) {
      log.damaged(name, corrupt.place() + ": " + corrupt.problem());
    } else {
      log.damaged(name, "can't be read: " + e.getMessage());
    }
    return ErrnoException.of(Errno.EIO);
  }

  private long allocatedUnits(Inode inode) {
    try {
      return image.allocatedUnits(inode);
    } catch (IOException e) {
      // No reason to hide the file; whoever asks for the attributes gets the error.
      return inode instanceof FileInode file ? file.allocatedUnits() : 0;
    }
  }

  /**
   * Fills in what stat(2) gives on the kernel's mount of the image (fs/squashfs/inode.c): the time
   * of modification stands for all three. Lifetime and inode number excepted.
   */
  void fill(Inode inode, Attributes attributes) {
    attributes.size = inode.size();
    attributes.blocks = allocatedUnits(inode);
    attributes.mode = inode.mode();
    attributes.linkCount = (int) inode.linkCount();
    attributes.uid = inode.uid();
    attributes.gid = inode.gid();
    owners.apply(attributes);
    attributes.accessSeconds = inode.modifyTime();
    attributes.modifySeconds = inode.modifyTime();
    attributes.changeSeconds = inode.modifyTime();
    attributes.blockSize =
        inode instanceof DirectoryInode ? DIRECTORY_BLOCK : image.superblock().blockSize();
    attributes.device =
        inode instanceof DeviceInode device ? Stat.makeDevice(device.major(), device.minor()) : 0;
  }
}
