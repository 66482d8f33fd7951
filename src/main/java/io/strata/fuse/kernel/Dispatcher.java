package io.strata.fuse.kernel;

import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;

/** Leads each request to what decodes it. Immutable; all threads of a mount share it. */
final class Dispatcher {
  private final NodeOperations nodes;
  private final NameOperations names;
  private final FileOperations files;
  private final DirectoryOperations directories;
  private final XattrOperations xattrs;
  private final Interrupts interrupts;

  Dispatcher(
      FileSystem fileSystem, Agreement agreement, BackingFiles backing, Interrupts interrupts) {
    this.nodes = new NodeOperations(fileSystem);
    this.names = new NameOperations(fileSystem);
    this.files = new FileOperations(fileSystem, agreement.readOnly(), backing);
    this.directories = new DirectoryOperations(fileSystem, agreement.readOnly());
    this.xattrs = new XattrOperations(fileSystem, agreement.has(InitFlags.FUSE_SETXATTR_EXT));
    this.interrupts = interrupts;
  }

  /**
   * Serves the request, and leaves the reply's body in the reply buffer.
   *
   * @return whether the kernel wants a reply
   * @throws ErrnoException what to answer instead
   */
  boolean serve(Exchange exchange) throws ErrnoException {
    int opcode = exchange.in.opcode();
    switch (opcode) {
      case Opcode.FUSE_FORGET -> nodes.forget(exchange);
      case Opcode.FUSE_BATCH_FORGET -> nodes.batchForget(exchange);
      case Opcode.FUSE_INTERRUPT -> interrupt(exchange);
      case Opcode.FUSE_NOTIFY_REPLY -> {}
      default -> {
        answer(opcode, exchange);
        return true;
      }
    }
    return false;
  }

  private void interrupt(Exchange exchange) throws ErrnoException {
    exchange.in.need(8);
    interrupts.interrupt(exchange.in.u64(0));
  }

  private void answer(int opcode, Exchange exchange) throws ErrnoException {
    switch (opcode) {
      case Opcode.FUSE_LOOKUP -> nodes.lookup(exchange);
      case Opcode.FUSE_GETATTR -> nodes.getAttributes(exchange);
      case Opcode.FUSE_STATX -> nodes.statx(exchange);
      case Opcode.FUSE_SETATTR -> nodes.setAttributes(exchange);
      case Opcode.FUSE_READLINK -> nodes.readLink(exchange);
      case Opcode.FUSE_STATFS -> nodes.statFs(exchange);
      case Opcode.FUSE_ACCESS -> nodes.access(exchange);
      case Opcode.FUSE_READ -> files.read(exchange);
      case Opcode.FUSE_WRITE -> files.write(exchange);
      case Opcode.FUSE_OPEN -> files.open(exchange);
      case Opcode.FUSE_CREATE -> files.create(exchange);
      case Opcode.FUSE_TMPFILE -> files.createUnnamed(exchange);
      case Opcode.FUSE_FLUSH -> files.flush(exchange);
      case Opcode.FUSE_RELEASE -> files.release(exchange);
      case Opcode.FUSE_FSYNC -> files.fsync(exchange);
      case Opcode.FUSE_FALLOCATE -> files.allocate(exchange);
      case Opcode.FUSE_LSEEK -> files.seek(exchange);
      case Opcode.FUSE_COPY_FILE_RANGE -> files.copyRange(exchange, false);
      case Opcode.FUSE_COPY_FILE_RANGE_64 -> files.copyRange(exchange, true);
      case Opcode.FUSE_READDIRPLUS -> directories.read(exchange, true);
      case Opcode.FUSE_READDIR -> directories.read(exchange, false);
      case Opcode.FUSE_OPENDIR -> directories.open(exchange);
      case Opcode.FUSE_RELEASEDIR -> directories.release(exchange);
      case Opcode.FUSE_FSYNCDIR -> directories.fsync(exchange);
      case Opcode.FUSE_GETXATTR -> xattrs.get(exchange);
      case Opcode.FUSE_LISTXATTR -> xattrs.list(exchange);
      case Opcode.FUSE_SETXATTR -> xattrs.set(exchange);
      case Opcode.FUSE_REMOVEXATTR -> xattrs.remove(exchange);
      case Opcode.FUSE_DESTROY -> {}
      case Opcode.FUSE_IOCTL -> files.ioctl(exchange);
      default -> change(opcode, exchange);
    }
  }

  private void change(int opcode, Exchange exchange) throws ErrnoException {
    switch (opcode) {
      case Opcode.FUSE_SYMLINK -> names.symlink(exchange);
      case Opcode.FUSE_MKNOD -> names.makeNode(exchange);
      case Opcode.FUSE_MKDIR -> names.makeDirectory(exchange);
      case Opcode.FUSE_UNLINK -> names.unlink(exchange);
      case Opcode.FUSE_RMDIR -> names.removeDirectory(exchange);
      case Opcode.FUSE_RENAME -> names.rename(exchange);
      case Opcode.FUSE_RENAME2 -> names.renameWithFlags(exchange);
      case Opcode.FUSE_LINK -> names.link(exchange);
      // Locks are the kernel's own; of the rest it takes ENOSYS as "never again".
      default -> throw ErrnoException.of(Errno.ENOSYS);
    }
  }

  /** Takes back what the file system gave in a reply that did not reach the kernel. */
  void undelivered(Exchange exchange) {
    switch (exchange.in.opcode()) {
      case Opcode.FUSE_LOOKUP,
          Opcode.FUSE_SYMLINK,
          Opcode.FUSE_MKNOD,
          Opcode.FUSE_MKDIR,
          Opcode.FUSE_LINK ->
          nodes.undelivered(exchange);
      case Opcode.FUSE_OPEN -> files.undelivered(exchange, exchange.in.node());
      case Opcode.FUSE_CREATE, Opcode.FUSE_TMPFILE -> {
        files.undelivered(exchange, exchange.entry.node);
        nodes.undelivered(exchange);
      }
      case Opcode.FUSE_OPENDIR -> directories.undelivered(exchange);
      default -> {}
    }
  }
}
