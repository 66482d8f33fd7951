package io.strata.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@link RepositoryState} as text, one fact a line, the version last because it may hold spaces:
 *
 * <pre>
 * strata-state 1
 * accepted SHA512 SIGNED VERSION         SIGNED: seconds since the epoch, or -
 * seen VERSION                           oldest first
 * image SHA512 SIZE MTIME INODE VERSION  bytes, nanoseconds since the epoch
 * end
 * </pre>
 */
final class StateFile {
  private static final String HEADER = "strata-state 1";
  private static final String END = "end";
  private static final Pattern ACCEPTED =
      Pattern.compile("accepted ([0-9a-f]{128}) (-|-?[0-9]{1,11}) (.+)");
  private static final Pattern SEEN = Pattern.compile("seen (.+)");
  private static final Pattern IMAGE =
      Pattern.compile("image ([0-9a-f]{128}) ([0-9]{1,18}) (-?[0-9]{1,19}) (-?[0-9]{1,19}) (.+)");

  private final String repository;
  private Optional<Accepted> accepted = Optional.empty();
  private final List<String> seen = new ArrayList<>();
  private final Map<String, ImageRecord> images = new TreeMap<>();

  private StateFile(String repository) {
    this.repository = repository;
  }

  /** The text of a state. */
  static String write(RepositoryState state) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    state.accepted().ifPresent(a -> writeAccepted(text, a));
    for (String version : state.seen()) {
      text.append("seen ").append(version).append('\n');
    }
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
    if (lines.size() < 2 || !lines.getFirst().equals(HEADER) || !lines.getLast().equals(END)) {
      throw new StoreException("it is not a whole state file of version 1");
    }
    StateFile file = new StateFile(repository);
    for (int i = 1; i < lines.size() - 1; i++) {
      if (!file.take(lines.get(i))) {
        throw new StoreException("line " + (i + 1) + " is damaged");
      }
    }
    return new RepositoryState(file.accepted, file.seen, file.images);
  }

  private static void writeAccepted(StringBuilder text, Accepted accepted) {
    text.append("accepted ").append(accepted.sha512()).append(' ');
    text.append(accepted.signed().map(t -> Long.toString(t.getEpochSecond())).orElse("-"));
    text.append(' ').append(accepted.version()).append('\n');
  }

  private static void writeImage(StringBuilder text, ImageRecord image) {
    FileStamp stamp = image.stamp();
    text.append("image ").append(image.sha512()).append(' ').append(stamp.size());
    text.append(' ').append(stamp.modified()).append(' ').append(stamp.inode());
    text.append(' ').append(image.version()).append('\n');
  }

  private boolean take(String line) {
    Matcher matcher = ACCEPTED.matcher(line);
    if (matcher.matches()) {
      accepted =
          Optional.of(new Accepted(matcher.group(3), matcher.group(1), signed(matcher.group(2))));
      return valid(matcher.group(3));
    }
    matcher = SEEN.matcher(line);
    if (matcher.matches()) {
      seen.add(matcher.group(1));
      return true;
    }
    matcher = IMAGE.matcher(line);
    try {
      return matcher.matches() && takeImage(matcher);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private boolean takeImage(Matcher matcher) {
    FileStamp stamp =
        new FileStamp(
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Long.parseLong(matcher.group(4)));
    String version = matcher.group(5);
    images.put(version, new ImageRecord(version, matcher.group(1), stamp));
    return valid(version);
  }

  private boolean valid(String version) {
    return Snapshot.ofImageName(repository, repository + "-" + version + ".sqfs").isPresent();
  }

  private static Optional<Instant> signed(String seconds) {
    return seconds.equals("-")
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds)));
  }
}
