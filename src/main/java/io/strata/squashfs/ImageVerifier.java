package io.strata.squashfs;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/**
 * Reads everything in an image once, with several threads, and reports all that is damaged: each
 * directory, inode, link target, extended attribute and byte, and that the tree is one: no
 * directory in two places, entries and inodes that agree. Then what no path leads to: the rest of
 * the tables, inodes without a name, fragments without a file; and numbers and counts of links.
 *
 * <p>For one run.
 */
public final class ImageVerifier {
  private record Directory(DirectoryInode inode, VerifyPath path) {}

  private final SquashFsImage image;
  private final int threads;
  private final VerifyTally tally;
  private final TableVerifier unreached;
  private final ArrayDeque<Directory> directories = new ArrayDeque<>();
  private final BlockingQueue<DataVerifier.Piece> pieces = DataVerifier.newQueue();
  private final MetadataCursor cursor;

  /**
   * Prepares a verification; opening the image with read-ahead gains nothing here.
   *
   * @param threads how many threads decompress, at least 1
   */
  public ImageVerifier(SquashFsImage image, int threads, VerifyListener listener) {
    Superblock superblock = image.superblock();
    this.image = image;
    this.threads = threads;
    this.tally = new VerifyTally(listener, superblock.inodeTableStart() - Superblock.SIZE);
    this.cursor = image.newInodeCursor();
    this.unreached = image.newTableVerifier(tally);
  }

  /**
   * Verifies; blocks until done.
   *
   * @throws IOException if not even the root can be read
   * @throws InterruptedException if interrupted; the workers have ended by then
   */
  public VerifyReport run() throws IOException, InterruptedException {
    DirectoryInode root = image.root();
    List<Thread> workers = startWorkers();
    boolean walked = false;
    try {
      walk(root);
      pieces.put(lastPiece());
      walked = true;
    } finally {
      end(workers, walked);
    }
    unreached.run();
    verifyExports();
    return tally.report();
  }

  private static void end(List<Thread> workers, boolean walked) throws InterruptedException {
    for (Thread worker : workers) {
      if (!walked) {
        worker.interrupt();
      }
      worker.join();
    }
  }

  private static DataVerifier.Piece lastPiece() {
    InodeHeader none = new InodeHeader(0, 0, 0, 0, 0, 0);
    BlockList empty = new BlockList(0, 0, 0, new BlockListShelf());
    FileInode nothing = new FileInode(none, 0, 0, 0, -1, -1, 0, empty);
    return new DataVerifier.Piece(nothing, VerifyPath.ROOT, -1);
  }

  private List<Thread> startWorkers() {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      DataVerifier work = new DataVerifier(image, tally, pieces);
      workers.add(Thread.ofPlatform().daemon().name("strata-verify-" + i).start(work));
    }
    return workers;
  }

  private void walk(DirectoryInode root) throws InterruptedException {
    unreached.root(root);
    enter(root, VerifyPath.ROOT);
    while (!directories.isEmpty() && !tally.isHopeless()) {
      Directory directory = directories.poll();
      try {
        list(directory);
      } catch (IOException e) {
        unreached.treeIsDamaged();
        tally.problem(directory.path().show(), e);
      }
    }
  }

  private void enter(DirectoryInode inode, VerifyPath path) {
    tally.countDirectory();
    verifyXattrs(inode, path);
    verifyIndex(inode, path);
    directories.add(new Directory(inode, path));
  }

  private void list(Directory directory) throws IOException, InterruptedException {
    DirectoryCursor entries = image.newDirectoryCursor().open(directory.inode(), 0);
    while (entries.next() && !tally.isHopeless()) {
      byte[] name = Arrays.copyOf(entries.nameBytes(), entries.nameLength());
      VerifyPath path = directory.path().child(name);
      try {
        visit(directory.inode(), entries, name, path);
      } catch (IOException e) {
        unreached.treeIsDamaged();
        tally.problem(path.show(), e);
      }
    }
  }

  private void visit(DirectoryInode parent, DirectoryCursor entry, byte[] name, VerifyPath path)
      throws IOException, InterruptedException {
    cursor.seek(entry.reference());
    Inode inode = image.inode(entry);
    if (image.lookup(parent, name) != entry.reference()) {
      throw cursor.corrupt("the name is listed, but not found by lookup");
    }
    boolean first = unreached.name(inode);
    if (inode instanceof DirectoryInode directory) {
      if (directory.parentInode() != parent.inodeNumber()) {
        tally.problem(path.show(), cursor.corrupt("a directory that names another parent"));
      }
      enter(directory, path);
    } else if (first) {
      visitLeaf(inode, path);
    }
  }

  private void visitLeaf(Inode inode, VerifyPath path) throws IOException, InterruptedException {
    verifyXattrs(inode, path);
    if (inode instanceof FileInode file) {
      tally.countFile();
      long first = 0;
      do {
        pieces.put(new DataVerifier.Piece(file, path, first));
        first += DataVerifier.PIECE;
      } while (first < file.blocks().count() && !tally.isHopeless());
      return;
    }
    tally.countOther();
    if (inode instanceof SymlinkInode link) {
      image.symlinkTarget(link);
    }
  }

  /** Lookups do without an index that is wrong, so that they don't find it out. */
  private void verifyIndex(DirectoryInode inode, VerifyPath path) {
    try {
      image.newDirectoryCursor().verifyIndex(inode);
    } catch (IOException e) {
      tally.problem(path.show(), e);
    }
  }

  private void verifyXattrs(Inode inode, VerifyPath path) {
    try {
      for (byte[] name : image.xattrNames(inode)) {
        image.xattr(inode, name);
      }
    } catch (IOException e) {
      tally.problem(path.show(), e);
    }
  }

  /** Checks that the export table leads each number to the inode that has it. */
  private void verifyExports() {
    long count = image.isExportable() ? image.superblock().inodes() : 0;
    for (long number = 1; number <= count && !tally.isHopeless(); number++) {
      try {
        long reference = image.referenceOf(number);
        cursor.seek(reference);
        if (image.inode(reference).inodeNumber() != number) {
          throw cursor.corrupt("the export table leads here for inode " + number);
        }
      } catch (IOException e) {
        tally.problem("/", e);
      }
    }
  }
}
