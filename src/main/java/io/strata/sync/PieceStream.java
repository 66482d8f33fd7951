package io.strata.sync;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fetches pieces ahead of its reader, which gets them in order. For one reader. */
final class PieceStream extends ChunkStream {
  private final Pieces pieces;
  private final long length;
  private final Pieces.Source source;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Future<byte[]>> coming = new ArrayDeque<>();
  private long next;
  private byte[] piece = {};
  private int at;

  PieceStream(Pieces pieces, long from, long length, Pieces.Source source) {
    this.pieces = pieces;
    this.length = length;
    this.source = source;
    this.next = from;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    if (at == piece.length) {
      order();
      if (coming.isEmpty()) {
        return -1;
      }
      piece = take();
      at = 0;
    }
    int n = Math.min(count, piece.length - at);
    System.arraycopy(piece, at, target, offset, n);
    at += n;
    return n;
  }

  /** Lets all connections go. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  private void order() {
    while (coming.size() < pieces.count() && next < length) {
      long from = next;
      int count = (int) Math.min(pieces.size(), length - from);
      coming.add(threads.submit(() -> source.get(from, count)));
      next += count;
    }
  }

  private byte[] take() throws IOException {
    try {
      return coming.remove().get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
