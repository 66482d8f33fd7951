package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads pieces of files until it meets the last one. Each worker of a verification runs one; they
 * share a queue.
 */
final class DataVerifier implements Runnable {
  /** How many blocks a piece has: what a block list reaches in one step. */
  static final int PIECE = 256;

  private static final int QUEUE = 1024;

  /**
   * A part of a file.
   *
   * @param firstBlock where it begins; the tail goes with the last piece. Negative: there are no
   *     more pieces of anything
   */
  record Piece(FileInode file, VerifyPath path, long firstBlock) {
    boolean isLast() {
      return firstBlock < 0;
    }
  }

  private final SquashFsImage image;
  private final VerifyTally tally;
  private final BlockingQueue<Piece> queue;

  DataVerifier(SquashFsImage image, VerifyTally tally, BlockingQueue<Piece> queue) {
    this.image = image;
    this.tally = tally;
    this.queue = queue;
  }

  static BlockingQueue<Piece> newQueue() {
    return new ArrayBlockingQueue<>(QUEUE);
  }

  @Override
  public void run() {
    NativeBuffer buffer = NativeBuffer.allocate(image.superblock().blockSize());
    try {
      Piece piece = queue.take();
      while (!piece.isLast()) {
        if (!tally.isHopeless()) {
          verify(piece, buffer);
        }
        piece = queue.take();
      }
      queue.put(piece); // for the next worker
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void verify(Piece piece, NativeBuffer buffer) {
    FileInode file = piece.file();
    try {
      verifyBlocks(piece, buffer);
    } catch (IOException e) {
      tally.problem(piece.path().show(), e);
    }
    if (piece.firstBlock() + PIECE >= file.blocks().count()) {
      verifyTail(piece, buffer);
    }
  }

  /** Reads block by block, so that one that is damaged hides no other. */
  private void verifyBlocks(Piece piece, NativeBuffer buffer) throws IOException {
    FileInode file = piece.file();
    int blockSize = image.superblock().blockSize();
    long end = Math.min(piece.firstBlock() + PIECE, file.blocks().count());
    if (piece.firstBlock() >= end) {
      return;
    }
    MetadataCursor words = image.newInodeCursor();
    file.blocks().seek(piece.firstBlock(), words);
    for (long block = piece.firstBlock(); block < end; block++) {
      int word = words.s32();
      if (!BlockList.isHole(word)) {
        verifyRange(piece, block * blockSize, blockSize, BlockList.storedSize(word), buffer);
      }
    }
  }

  private void verifyTail(Piece piece, NativeBuffer buffer) {
    FileInode file = piece.file();
    int blockSize = image.superblock().blockSize();
    long tail = file.blocks().count() * blockSize;
    if (tail < file.size()) {
      verifyRange(piece, tail, blockSize, file.size() - tail, buffer);
    }
  }

  private void verifyRange(Piece piece, long offset, int length, long stored, NativeBuffer buffer) {
    try {
      tally.countData(image.read(piece.file(), offset, length, buffer, 0), stored);
    } catch (IOException e) {
      tally.problem(piece.path().show(), e);
    } catch (RuntimeException e) {
      // A mistake of ours must not end this worker: the others would wait for ever.
      tally.problem(piece.path().show(), new IOException("internal error: " + e, e));
    }
  }
}
