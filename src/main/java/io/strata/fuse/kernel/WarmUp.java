package io.strata.fuse.kernel;

import io.strata.fuse.Counters;
import io.strata.fuse.FileSystem;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Serves some requests that nobody sent, before the first ones that somebody sends: the walk of a
 * reader through the first directories and small files. By then the virtual machine has compiled
 * what serves them, and their data is at hand; the first thousands of requests would else be served
 * by an interpreter. Belongs to one thread.
 *
 * <p>What fails is left to whoever asks for it.
 */
final class WarmUp {
  /** So often is enough for a method to be compiled, with some to spare. */
  private static final int WANTED = 300;

  private static final int LISTING = 32 << 10;
  private static final int LARGEST = 64 << 10;
  private static final int MOST_DIRECTORIES = 256;

  private final FileSystem fileSystem;
  private final Dispatcher dispatcher;
  private final Exchange exchange = new Exchange(Cover.NONE, new Counters(false));
  private final long until;
  private final long[] directories = new long[MOST_DIRECTORIES];
  private int known;
  private int listings;
  private int reads;

  /**
   * @param most what it may take
   */
  WarmUp(FileSystem fileSystem, Dispatcher dispatcher, Duration most) {
    this.fileSystem = fileSystem;
    this.dispatcher = dispatcher;
    this.until = System.nanoTime() + most.toNanos();
  }

  void run() {
    directories[0] = FileSystem.ROOT;
    known = 1;
    for (int i = 0; goesOn(); i = (i + 1) % known) {
      try {
        walk(directories[i]);
      } catch (ErrnoException e) {
        listings++; // on to the next one
      }
    }
  }

  private boolean goesOn() {
    return listings < WANTED && System.nanoTime() < until;
  }

  /** Lists a directory to its end, if it is not too large, and reads its small files. */
  private void walk(long directory) throws ErrnoException {
    int length = list(directory, 0);
    long last = 0;
    ByteBuffer entries = exchange.out.memory().bytes();
    int at = ReplyBuffer.HEADER_SIZE;
    byte[] copy = new byte[length];
    entries.get(at, copy);
    ByteBuffer listing = ByteBuffer.wrap(copy).order(entries.order());
    for (int entry = 0; entry < length; ) {
      int name = entry + ReplyBuffer.ENTRY_SIZE;
      last = listing.getLong(name + 8);
      visit(listing, entry);
      int size = DirectoryReply.DIRENT_SIZE + listing.getInt(name + 16);
      entry = name + (size + DirectoryReply.ALIGNMENT - 1 & -DirectoryReply.ALIGNMENT);
    }
    list(directory, last);
  }

  /** Gives how long the listing is, in bytes. */
  private int list(long directory, long offset) throws ErrnoException {
    listings++;
    request(Opcode.FUSE_READDIRPLUS, directory, offset, LISTING);
    dispatcher.serve(exchange);
    return exchange.out.position() - ReplyBuffer.HEADER_SIZE;
  }

  /** Remembers a directory or reads a file, from its {@code struct fuse_entry_out}. */
  private void visit(ByteBuffer listing, int entry) {
    long node = listing.getLong(entry);
    if (node == 0 || !goesOn()) {
      return;
    }
    long size = listing.getLong(entry + 48);
    int type = listing.getInt(entry + 100) & Stat.S_IFMT;
    if (type == Stat.S_IFDIR && known < MOST_DIRECTORIES) {
      directories[known] = node;
      known++;
    } else if (type == Stat.S_IFREG && size > 0 && size <= LARGEST && reads < WANTED) {
      read(node);
    }
    fileSystem.forget(node, 1);
  }

  private void read(long node) {
    reads++;
    request(Opcode.FUSE_READ, node, 0, LARGEST);
    try {
      dispatcher.serve(exchange);
    } catch (ErrnoException e) {
      // its reader will be told
    }
  }

  /** Puts a request with a {@code struct fuse_read_in} into the buffer. */
  private void request(int opcode, long node, long offset, int size) {
    int length = RequestBuffer.HEADER_SIZE + DirectoryOperations.READ_IN;
    ByteBuffer bytes = exchange.in.memory().bytes();
    for (int i = 0; i < length; i += 8) {
      bytes.putLong(i, 0);
    }
    bytes.putInt(0, length).putInt(4, opcode).putLong(16, node);
    bytes.putLong(exchange.in.position(8), offset).putInt(exchange.in.position(16), size);
    exchange.in.accept(length);
    exchange.begin();
  }
}
