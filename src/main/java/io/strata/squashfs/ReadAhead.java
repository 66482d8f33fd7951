package io.strata.squashfs;

import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses what sequential readers will want next, on threads of its own: the next blocks of a
 * file, and then the data of the files that follow it in the inode table, which is the order in
 * which images are written and trees are walked.
 *
 * <p>Two reads that each continue the one before start it; random readers never do. It stays within
 * a window in front of each reader, and within the block cache. Errors are left to the reader.
 * Thread-safe; threads start with the first sequential reader and end with {@link #close}.
 */
final class ReadAhead implements AutoCloseable {
  private static final int STREAMS = 16;

  /** What passing a block or an inode without data costs of the window, in bytes. */
  private static final int EMPTY_STEP = 256;

  /** What a worker is to load. Reused: one per worker. */
  private static final class Unit {
    long position;
    int word;
    boolean found;
  }

  private final InodeReader inodes;
  private final MetadataTable inodeTable;
  private final FragmentTable fragments;
  private final BlockCache cache;
  private final int blockLog;
  private final int threads;
  private final long window;
  private final Object lock = new Object();
  private final ReadStream[] streams = new ReadStream[STREAMS]; // guarded by lock
  private final List<Thread> workers = new ArrayList<>(); // guarded by lock
  private long time; // guarded by lock
  private int idle; // guarded by lock
  private boolean closed; // guarded by lock

  ReadAhead(
      InodeReader inodes,
      MetadataTable inodeTable,
      FragmentTable fragments,
      BlockCache cache,
      int blockSize,
      ImageOptions options) {
    this.inodes = inodes;
    this.inodeTable = inodeTable;
    this.fragments = fragments;
    this.cache = cache;
    this.blockLog = Integer.numberOfTrailingZeros(blockSize);
    this.window =
        Math.min(Math.max(options.readAheadBytes(), 2L * blockSize), cache.capacity() / 4);
    this.threads = options.readAheadBytes() == 0 ? 0 : options.readAheadThreads();
    for (int i = 0; i < STREAMS; i++) {
      streams[i] = new ReadStream();
    }
  }

  /** Hears of a read that is about to be done; {@code length} ends inside the file. */
  void onRead(FileInode file, long offset, int length) {
    if (threads == 0) {
      return;
    }
    synchronized (lock) {
      ReadStream stream = streamOf(file, offset, length);
      if (stream.isWanted() && !closed) {
        wake();
      }
    }
  }

  private ReadStream streamOf(FileInode file, long offset, int length) {
    time++;
    ReadStream oldest = streams[0];
    ReadStream sameFile = null;
    for (ReadStream stream : streams) {
      if (stream.isContinuedBy(file, offset, length)) {
        stream.advance(file, offset, length, time, window, blockLog);
        return stream;
      }
      if (stream.isAt(file)) {
        sameFile = stream;
      }
      if (stream.used() < oldest.used()) {
        oldest = stream;
      }
    }
    ReadStream stream = sameFile == null ? oldest : sameFile;
    stream.restart(file, offset, length, time);
    return stream;
  }

  private void wake() {
    if (workers.isEmpty()) {
      for (int i = 0; i < threads; i++) {
        workers.add(Thread.ofPlatform().daemon().name("strata-read-ahead-" + i).start(this::work));
      }
    } else if (idle > 0) {
      lock.notify();
    }
  }

  private void work() {
    spread();
    Unit unit = new Unit();
    MetadataCursor cursor = inodeTable.cursor();
    for (ReadStream stream = take(); stream != null; stream = take()) {
      step(stream, unit, cursor);
    }
  }

  /**
   * The reader whose thread started this one may be kept to a processor; this one is to help it.
   */
  private static void spread() {
    try {
      Posix.system().processes().unpinThread();
    } catch (ErrnoException | LinkageError e) {
      // it helps less then
    }
  }

  /** Waits for a stream that wants something; null when closed. */
  private @Nullable ReadStream take() {
    synchronized (lock) {
      while (!closed) {
        ReadStream wanted = null;
        for (ReadStream stream : streams) {
          if (stream.isWanted() && (wanted == null || stream.used() > wanted.used())) {
            wanted = stream;
          }
        }
        if (wanted != null) {
          wanted.busy = true;
          return wanted;
        }
        idle++;
        try {
          lock.wait();
        } catch (InterruptedException e) {
          return null; // nobody but an ending process interrupts this thread
        } finally {
          idle--;
        }
      }
      return null;
    }
  }

  private void step(ReadStream stream, Unit unit, MetadataCursor cursor) {
    boolean released = false;
    try {
      released = move(stream, unit, cursor);
      if (released && unit.found) {
        cache.prefetch(unit.position, unit.word);
      }
    } catch (IOException e) {
      // The reader will get there and be told; until then there is nothing to be read ahead.
      stopAfterFailure(stream, released);
    }
  }

  private void stopAfterFailure(ReadStream stream, boolean released) {
    synchronized (lock) {
      stream.stop();
      stream.busy &= released;
    }
  }

  /** Moves a busy stream by one block or one inode; lets go of it; true. */
  private boolean move(ReadStream stream, Unit unit, MetadataCursor cursor) throws IOException {
    Inode at;
    long block;
    long fragment;
    int generation;
    synchronized (lock) {
      at = stream.ahead;
      block = stream.aheadBlock;
      fragment = stream.lastFragment;
      generation = stream.generation;
    }
    unit.found = false;
    Inode next = at;
    if (at instanceof FileInode file && block < file.blocks().count()) {
      findBlock(file, block, unit, cursor);
      block++;
    } else if (at != null) {
      fragment = at instanceof FileInode file ? findTail(file, fragment, unit) : fragment;
      next = inodes.read(inodes.following(at, cursor), cursor);
      block = 0;
    }
    synchronized (lock) {
      stream.busy = false;
      if (stream.generation == generation) {
        stream.ahead = next;
        stream.aheadBlock = block;
        stream.lastFragment = fragment;
        stream.spend(unit.found ? 1L << blockLog : EMPTY_STEP);
        if (stream.isWanted() && idle > 0) {
          lock.notify();
        }
      }
    }
    return true;
  }

  private static void findBlock(FileInode file, long block, Unit unit, MetadataCursor cursor)
      throws IOException {
    unit.position = file.blocks().seek(block, cursor);
    unit.word = cursor.s32();
    unit.found = !BlockList.isHole(unit.word);
  }

  /** Finds the fragment with the file's tail, unless it is the last one that was found. */
  private long findTail(FileInode file, long last, Unit unit) throws IOException {
    long number = Integer.toUnsignedLong(file.fragment());
    if (!file.hasFragment() || number == last || number >= fragments.count()) {
      return last;
    }
    unit.position = fragments.position(number);
    unit.word = fragments.word(number);
    unit.found = true;
    return number;
  }

  /** Ends the threads; waits for those that are loading a block. */
  @Override
  public void close() {
    List<Thread> ending;
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      ending = List.copyOf(workers);
    }
    boolean interrupted = false;
    for (Thread worker : ending) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
