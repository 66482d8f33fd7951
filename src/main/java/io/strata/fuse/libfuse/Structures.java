package io.strata.fuse.libfuse;

import io.strata.fuse.Attributes;
import io.strata.fuse.StatFs;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Statvfs;

/**
 * Writes {@code struct stat} and {@code struct statvfs} by jnr-fuse's layouts, which know the
 * machine. Belongs to one thread.
 */
final class Structures {
  private final Runtime runtime;
  private final FileStat stat;
  private final Statvfs statvfs;
  private final Pointer ownStat;

  Structures(Runtime runtime) {
    this.runtime = runtime;
    this.ownStat = Memory.allocateDirect(runtime, 256, true); // 144 on x86-64, 128 on aarch64
    this.stat = FileStat.of(ownStat);
    this.statvfs = Statvfs.of(Memory.allocateDirect(runtime, 256, true));
  }

  /** Fills {@code struct stat} at {@code address}. */
  void writeStat(long address, Attributes from, int linkCount) {
    stat.useMemory(Pointer.wrap(runtime, address));
    stat.st_ino.set(from.inode);
    stat.st_mode.set(from.mode);
    stat.st_nlink.set(linkCount);
    stat.st_uid.set(from.uid);
    stat.st_gid.set(from.gid);
    stat.st_rdev.set(from.device);
    stat.st_size.set(from.size);
    stat.st_blksize.set(from.blockSize);
    stat.st_blocks.set(from.blocks);
    stat.st_atim.tv_sec.set(from.accessSeconds);
    stat.st_atim.tv_nsec.set(from.accessNanos);
    stat.st_mtim.tv_sec.set(from.modifySeconds);
    stat.st_mtim.tv_nsec.set(from.modifyNanos);
    stat.st_ctim.tv_sec.set(from.changeSeconds);
    stat.st_ctim.tv_nsec.set(from.changeNanos);
  }

  /** A {@code struct stat} of our own with what a directory entry says; gives its address. */
  long entryStat(long inode, int mode) {
    stat.useMemory(ownStat);
    stat.st_ino.set(inode);
    stat.st_mode.set(mode);
    return ownStat.address();
  }

  /** Fills {@code struct statvfs} at {@code address}. */
  void writeStatvfs(long address, StatFs from) {
    statvfs.useMemory(Pointer.wrap(runtime, address));
    statvfs.f_bsize.set(from.blockSize);
    statvfs.f_frsize.set(from.fragmentSize);
    statvfs.f_blocks.set(from.blocks);
    statvfs.f_bfree.set(from.freeBlocks);
    statvfs.f_bavail.set(from.availableBlocks);
    statvfs.f_files.set(from.files);
    statvfs.f_ffree.set(from.freeFiles);
    statvfs.f_favail.set(from.freeFiles);
    statvfs.f_namemax.set(from.nameLength);
  }

  /** Memory for a structure of jnr-fuse's, zeroed. */
  static Pointer allocate(Runtime runtime, Struct structure) {
    Pointer memory = Memory.allocateDirect(runtime, Struct.size(structure), true);
    structure.useMemory(memory);
    return memory;
  }
}
