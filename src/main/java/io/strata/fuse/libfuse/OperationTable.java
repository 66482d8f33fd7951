package io.strata.fuse.libfuse;

import io.strata.fuse.libfuse.Callbacks.WordInt;
import io.strata.fuse.libfuse.Callbacks.WordIntInt;
import io.strata.fuse.libfuse.Callbacks.WordIntWord;
import io.strata.fuse.libfuse.Callbacks.WordIntWords2IntWord;
import io.strata.fuse.libfuse.Callbacks.WordIntWords3;
import io.strata.fuse.libfuse.Callbacks.WordToWord;
import io.strata.fuse.libfuse.Callbacks.Words1;
import io.strata.fuse.libfuse.Callbacks.Words2;
import io.strata.fuse.libfuse.Callbacks.Words3;
import io.strata.fuse.libfuse.Callbacks.Words4;
import io.strata.fuse.libfuse.Callbacks.Words4Int;
import io.strata.fuse.libfuse.Callbacks.Words5;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import jnr.ffi.BaseStruct;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import ru.serce.jnrfuse.struct.FuseOperations;

/**
 * {@code struct fuse_operations}, in jnr-fuse's layout, with callbacks of ours. Must be reachable
 * as long as libfuse may call. What is not set is left to the kernel: locks, access.
 */
final class OperationTable {
  /** FUSE_flag_nullpath_ok, nopath, utime_omit_ok: the bits behind bmap. */
  private static final int FLAGS = 0b111;

  private final Runtime runtime;
  private final FuseOperations layout;
  private final Pointer memory;

  /** The closures live as long as these. */
  private final List<Object> callbacks = new ArrayList<>();

  OperationTable(Runtime runtime, Served served, IntSupplier umask, WordToWord init) {
    this.runtime = runtime;
    this.layout = new FuseOperations(runtime);
    this.memory = Structures.allocate(runtime, layout);
    put(layout.init, WordToWord.class, init);
    memory.putInt(layout.bmap.offset() + Long.BYTES, FLAGS);
    NameOperations names = new NameOperations(served, umask);
    putNames(names);
    putAttributes(new AttributeOperations(served));
    putFiles(new FileOperations(served, names, umask));
    putDirectories(new DirectoryOperations(served));
    putXattrs(new XattrOperations(served));
  }

  long address() {
    return memory.address();
  }

  int size() {
    return Struct.size(layout);
  }

  private <T> void put(BaseStruct.Func<?> field, Class<T> shape, T callback) {
    callbacks.add(callback);
    memory.putPointer(
        field.offset(), runtime.getClosureManager().getClosurePointer(shape, callback));
  }

  private void putNames(NameOperations names) {
    put(layout.mknod, WordIntWord.class, names::mknod);
    put(layout.mkdir, WordInt.class, names::mkdir);
    put(layout.unlink, Words1.class, names::unlink);
    put(layout.rmdir, Words1.class, names::rmdir);
    put(layout.symlink, Words2.class, names::symlink);
    put(layout.rename, Words2.class, names::rename);
    put(layout.link, Words2.class, names::link);
  }

  private void putAttributes(AttributeOperations attributes) {
    put(layout.getattr, Words2.class, attributes::getattr);
    put(layout.fgetattr, Words3.class, (path, stat, info) -> attributes.fgetattr(stat, info));
    put(layout.chmod, WordInt.class, attributes::chmod);
    put(layout.chown, WordIntInt.class, attributes::chown);
    put(layout.truncate, Words2.class, attributes::truncate);
    put(layout.ftruncate, Words3.class, (path, size, info) -> attributes.ftruncate(size, info));
    put(layout.utimens, Words2.class, attributes::utimens);
    put(layout.readlink, Words3.class, attributes::readlink);
    put(layout.statfs, Words2.class, attributes::statfs);
  }

  private void putFiles(FileOperations files) {
    put(layout.open, Words2.class, files::open);
    put(layout.create, WordIntWord.class, files::create);
    put(
        layout.read,
        Words5.class,
        (path, target, size, offset, info) -> files.read(target, size, offset, info));
    put(
        layout.write,
        Words5.class,
        (path, source, size, offset, info) -> files.write(source, size, offset, info));
    put(layout.flush, Words2.class, (path, info) -> files.flush(info));
    put(layout.release, Words2.class, (path, info) -> files.release(info));
    put(layout.fsync, WordIntWord.class, (path, dataOnly, info) -> files.fsync(dataOnly, info));
    put(
        layout.fallocate,
        WordIntWords3.class,
        (path, mode, offset, length, info) -> files.fallocate(mode, offset, length, info));
    put(
        layout.ioctl,
        WordIntWords2IntWord.class,
        (path, command, argument, info, flags, data) -> files.ioctl(command, info, data));
  }

  private void putDirectories(DirectoryOperations directories) {
    put(layout.opendir, Words2.class, directories::opendir);
    put(
        layout.readdir,
        Words5.class,
        (path, buffer, filler, offset, info) -> directories.readdir(buffer, filler, offset, info));
    put(layout.releasedir, Words2.class, (path, info) -> directories.releasedir(info));
    put(
        layout.fsyncdir,
        WordIntWord.class,
        (path, dataOnly, info) -> directories.fsyncdir(dataOnly, info));
  }

  private void putXattrs(XattrOperations xattrs) {
    put(layout.setxattr, Words4Int.class, xattrs::setxattr);
    put(layout.getxattr, Words4.class, xattrs::getxattr);
    put(layout.listxattr, Words3.class, xattrs::listxattr);
    put(layout.removexattr, Words2.class, xattrs::removexattr);
  }
}
