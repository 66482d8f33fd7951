package io.strata.sync;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The mirrors that may give parts of one file. One that fails is not asked for parts of it any
 * more; those behind it go on where it stopped. For one thread.
 */
final class PartSources implements AutoCloseable {
  private final Deque<PartDownload> open;
  private final Blame blame;
  private final SyncListener listener;
  private final String file;
  private @Nullable SyncException first;

  PartSources(String file, Collection<PartDownload> mirrors, Blame blame, SyncListener listener) {
    this.file = file;
    this.open = new ArrayDeque<>(mirrors);
    this.blame = blame;
    this.listener = listener;
  }

  /**
   * Reads what is missing of some parts.
   *
   * @param next what is wanted after them, in order
   * @param progress is told how many bytes came, each time
   * @throws SyncException of the first mirror, if none gives them
   * @throws IOException if they can't be written
   */
  void fetch(PartWriter parts, List<RangePlan.Fetch> next, LongConsumer progress)
      throws SyncException, IOException {
    while (!open.isEmpty()) {
      PartDownload mirror = open.getFirst();
      try {
        mirror.go(parts, next, progress);
        return;
      } catch (MirrorException e) {
        strike(e.toSync());
      } catch (PartDownload.WrongPartException e) {
        strike(wrong(mirror, e));
      }
      parts.forget(); // what comes from another mirror may be of another file
    }
    throw Objects.requireNonNullElseGet(
        first, () -> new SyncException(Failure.DOWNLOAD, file + ": no mirror gives parts of it"));
  }

  private void strike(SyncException e) {
    open.removeFirst().close();
    first = first == null ? e : first;
    if (!open.isEmpty()) {
      listener.warning(e.getMessage() + "; trying " + open.getFirst().address());
    }
  }

  private SyncException wrong(PartDownload download, PartDownload.WrongPartException e) {
    int count = blame.add(download.mirror());
    Optional<String> remark = download.remark();
    return new SyncException(
        Failure.DOWNLOAD,
        e.getMessage()
            + "; thrown away, wrong file "
            + count
            + " of this mirror"
            + remark.map(words -> "; " + words).orElse("")
            + "; try again later, or another mirror",
        e);
  }

  /** Lets all connections go. */
  @Override
  public void close() {
    open.forEach(PartDownload::close);
    open.clear();
  }
}
