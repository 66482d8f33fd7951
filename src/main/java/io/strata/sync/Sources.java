package io.strata.sync;

import io.strata.store.LockedRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mirrors that may have the files of one index: the one it came from first, then those behind
 * it. Which one a file comes from makes no difference, for its digest is known.
 */
final class Sources {
  /** A file of the next snapshot is newer than an index of the last one by far more. */
  private static final Duration NEWER = Duration.ofMinutes(1);

  private final List<Mirror> mirrors;
  private final List<Download> downloads = new ArrayList<>();
  private final Blame blame;
  private final FileLimits limits;
  private final SyncListener listener;
  private final AtomicLong partBytes = new AtomicLong();
  private volatile boolean answersLooks = true;

  Sources(List<Mirror> mirrors, Blame blame, FileLimits limits, SyncListener listener) {
    this.mirrors = List.copyOf(mirrors);
    this.blame = blame;
    this.limits = limits;
    this.listener = listener;
  }

  FileLimits limits() {
    return limits;
  }

  /** What was downloaded so far, also in vain, in bytes. */
  long bytes() {
    return partBytes.get() + downloads.stream().mapToLong(Download::bytes).sum();
  }

  /** Whether a mirror may give parts of files. */
  boolean giveParts() {
    return mirrors.stream().anyMatch(Mirror::givesParts);
  }

  /**
   * A small file, verified, from the first mirror that can give it.
   *
   * @param sha512 that it must have
   * @param limit its longest length in bytes
   * @throws SyncException of the first mirror, if none gives it
   */
  byte[] small(String fileName, String sha512, int limit) throws SyncException {
    SyncException first = null;
    for (Mirror mirror : mirrors) {
      if (first != null && blame.isTooMuch(mirror)) {
        continue;
      }
      if (first != null) {
        listener.warning(first.getMessage() + "; trying " + mirror.address(fileName));
      }
      try {
        return small(mirror, fileName, sha512, limit);
      } catch (SyncException e) {
        first = first == null ? e : first;
      }
    }
    throw Objects.requireNonNull(first, "no mirror");
  }

  private byte[] small(Mirror mirror, String fileName, String sha512, int limit)
      throws SyncException {
    Download download = new Download(mirror, limits, listener);
    downloads.add(download);
    byte[] content = download.small(fileName, limit);
    if (!Sha512.of(content).equals(sha512)) {
      throw wrong(mirror, fileName, download);
    }
    return content;
  }

  /**
   * The mirrors that may give parts of a file; nobody but {@link PartWriter} verifies those.
   *
   * @param whole the file's length
   */
  PartSources parts(String fileName, long whole) {
    List<PartDownload> those =
        mirrors.stream()
            .filter(mirror -> mirror.givesParts() && !blame.isTooMuch(mirror))
            .map(m -> new PartDownload(m, fileName, whole, limits, listener, partBytes))
            .toList();
    return new PartSources(fileName, those, blame, listener);
  }

  /**
   * What is said of a file by the first mirror that has it.
   *
   * @throws MirrorException if none has it, or it is larger than it may be
   */
  RemoteFile look(String fileName) throws MirrorException {
    RemoteFile file = ask(fileName);
    limits.check(mirrors.getFirst().address(fileName).toString(), file.length());
    return file;
  }

  private RemoteFile ask(String fileName) throws MirrorException {
    MirrorException missing = null;
    for (Mirror mirror : mirrors) {
      try {
        return answersLooks ? mirror.look(fileName) : RemoteFile.UNKNOWN;
      } catch (MirrorException e) {
        if (e.kind() != MirrorException.Kind.MISSING) {
          answersLooks = !e.isPassing();
          return RemoteFile.UNKNOWN;
        }
        missing = missing == null ? e : missing;
      }
    }
    throw Objects.requireNonNull(missing, "no mirror");
  }

  /** The length of a file, as {@link #look} has it; empty if no mirror says it. */
  OptionalLong length(String fileName) {
    try {
      return look(fileName).length();
    } catch (MirrorException e) {
      return OptionalLong.empty(); // fetching it says why
    }
  }

  /**
   * Brings a file here and verifies it, from the first mirror that can give it.
   *
   * @param sha512 that it must have
   * @param expected its length; empty if no mirror says it
   * @throws SyncException of the first mirror, if none gives it; the message names the address
   */
  void fetch(
      String fileName,
      String sha512,
      OptionalLong expected,
      LockedRepository repository,
      Path target)
      throws SyncException {
    SyncException first = null;
    for (Mirror mirror : mirrors) {
      if (blame.isTooMuch(mirror) && first != null) {
        continue;
      }
      if (first != null) {
        listener.warning(first.getMessage() + "; trying " + mirror.address(fileName));
      }
      try {
        fetch(mirror, fileName, sha512, expected, repository, target);
        return;
      } catch (SyncException e) {
        if (!e.failure().isTheMirrors()) {
          throw e;
        }
        first = first == null ? e : first;
      }
    }
    throw Objects.requireNonNull(first, "no mirror");
  }

  private void fetch(
      Mirror mirror,
      String fileName,
      String sha512,
      OptionalLong expected,
      LockedRepository repository,
      Path target)
      throws SyncException {
    Download download = new Download(mirror, limits, listener);
    downloads.add(download);
    try (Partial partial = Partial.open(repository, sha512)) {
      download.into(partial, fileName, expected, repository);
      boolean right = partial.sha512().equals(sha512);
      if (!right && partial.isMixed()) {
        listener.progress(mirror.address(fileName) + ": its parts do not fit; anew", 0, 0);
        mirror.distrustParts();
        partial.discard();
        download.into(partial, fileName, expected, repository);
        right = partial.sha512().equals(sha512);
      }
      if (!right) {
        partial.discard();
        throw wrong(mirror, fileName, download);
      }
      partial.moveTo(target);
    } catch (MirrorException e) {
      throw e.toSync();
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot close the download", target, e));
    }
  }

  private SyncException wrong(Mirror mirror, String fileName, Download download) {
    int count = blame.add(mirror);
    String what =
        mirror.address(fileName)
            + ": its SHA-512 is not that of the index; it is thrown away, wrong file "
            + count
            + " of this mirror"
            + download.remark().map(remark -> "; " + remark).orElse("");
    return isNewerThanIndex(mirror, fileName)
        ? new SyncException(
            Failure.MID_UPDATE, what + "; it is newer than the index" + Failure.UPDATING)
        : new SyncException(Failure.DOWNLOAD, what + "; try again later, or another mirror");
  }

  private static boolean isNewerThanIndex(Mirror mirror, String fileName) {
    try {
      var file = mirror.look(fileName).modified();
      var index = mirror.look(IndexSource.NAME).modified();
      return file.isPresent() && index.isPresent() && file.get().isAfter(index.get().plus(NEWER));
    } catch (MirrorException e) {
      return false;
    }
  }
}
