package io.strata.store;

import java.util.List;
import java.util.TreeMap;

/**
 * {@link RepositoryState} as text, one fact a line, what may hold spaces last:
 *
 * <pre>
 * strata-state 2
 * accepted SHA512 SIGNED VERSION         of the image; SIGNED: seconds since the epoch, or -
 * index SHA512 AT KEY USER               of the index; AT: seconds; KEY: a fingerprint, or - -
 * from SHA512 SIGNED VERSION             what an allowed rollback left, as accepted
 * from-index SHA512 AT KEY USER
 * rollback AT                            when it was allowed
 * seen VERSION                           oldest first
 * digest SHA512 VERSION                  of an image that was listed
 * image SHA512 SIZE MTIME INODE VERSION  bytes, nanoseconds since the epoch
 * end
 * </pre>
 *
 * <p>Version 1 had the first of these, {@code seen} and {@code image}.
 */
final class StateFile {
  private static final String HEADER = "strata-state 2";
  private static final String FIRST_HEADER = "strata-state 1";
  private static final String END = "end";

  private StateFile() {}

  /** The text of a state. */
  static String write(RepositoryState state) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    state.accepted().ifPresent(a -> writeAccepted(text, "accepted", "index", a));
    state
        .rollback()
        .ifPresent(
            rollback -> {
              writeAccepted(text, "from", "from-index", rollback.from());
              text.append("rollback ").append(rollback.at().getEpochSecond()).append('\n');
            });
    for (String version : state.seen()) {
      text.append("seen ").append(version).append('\n');
    }
    state
        .digests()
        .forEach((version, sha512) -> text.append("digest " + sha512 + " " + version + "\n"));
    for (ImageRecord image : new TreeMap<>(state.images()).values()) {
      writeImage(text, image);
    }
    return text.append(END).append('\n').toString();
  }

  /**
   * The state that a text holds.
   *
   * @throws StoreException if any line is not as {@link #write} makes it; nothing is guessed, for
   *     the state is what a rollback is measured against
   */
  static RepositoryState read(String repository, String text) throws StoreException {
    List<String> lines = text.lines().toList();
    boolean whole = lines.size() >= 2 && lines.getLast().equals(END);
    if (!whole || !List.of(HEADER, FIRST_HEADER).contains(lines.getFirst())) {
      throw new StoreException("it is not a whole state file of version 1 or 2");
    }
    StateLines state = new StateLines(repository);
    for (int i = 1; i < lines.size() - 1; i++) {
      if (!state.take(lines.get(i))) {
        throw new StoreException("line " + (i + 1) + " is damaged");
      }
    }
    return state.get();
  }

  private static void writeAccepted(
      StringBuilder text, String word, String indexWord, Accepted accepted) {
    text.append(word).append(' ').append(accepted.sha512()).append(' ');
    text.append(accepted.signed().map(t -> Long.toString(t.getEpochSecond())).orElse("-"));
    text.append(' ').append(accepted.version()).append('\n');
    accepted.origin().ifPresent(origin -> writeOrigin(text, indexWord, origin));
  }

  private static void writeOrigin(StringBuilder text, String word, IndexOrigin origin) {
    text.append(word).append(' ').append(origin.sha512()).append(' ');
    text.append(origin.at().getEpochSecond()).append(' ');
    text.append(origin.signer().map(s -> s.key() + " " + s.user()).orElse("- -")).append('\n');
  }

  private static void writeImage(StringBuilder text, ImageRecord image) {
    FileStamp stamp = image.stamp();
    text.append("image ").append(image.sha512()).append(' ').append(stamp.size());
    text.append(' ').append(stamp.modified()).append(' ').append(stamp.inode());
    text.append(' ').append(image.version()).append('\n');
  }
}
