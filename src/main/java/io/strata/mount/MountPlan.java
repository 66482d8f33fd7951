package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that is to be known for serving a mount. Paths are absolute. Immutable.
 *
 * @param mountPoint where
 * @param source what the user named: an image, a directory, or a repository
 * @param repository whose snapshot it is, if it is one's
 * @param snapshot the version of that snapshot
 * @param image the image or directory that is the topmost of the lower layers
 * @param lowers further images and directories underneath, topmost first
 * @param upper the writable layer, if there is one
 * @param work the directory for files in the making, beside the upper
 * @param words what {@code -o} says
 * @param transport what serves
 * @param threads how many threads; 0 lets the transport choose
 * @param log where the server writes
 */
public record MountPlan(
    Path mountPoint,
    String source,
    Optional<String> repository,
    Optional<String> snapshot,
    Path image,
    List<LowerSource> lowers,
    Optional<Path> upper,
    Optional<Path> work,
    MountWords words,
    TransportKind transport,
    int threads,
    Path log) {

  public MountPlan {
    lowers = List.copyOf(lowers);
  }

  /** Whether nobody can write to the mount. */
  public boolean readOnly() {
    return words.readOnly().orElse(upper.isEmpty());
  }

  /**
   * Where in its file the image begins, in bytes; nothing to have it found. What comes from a
   * mirror begins with its file.
   */
  OptionalLong offset() {
    return repository.isPresent() ? OptionalLong.of(0) : words.offset();
  }

  /** The same mount on another snapshot. */
  public MountPlan on(Path newImage, String newSnapshot) {
    return new MountPlan(
        mountPoint,
        source,
        repository,
        Optional.of(newSnapshot),
        newImage,
        lowers,
        upper,
        work,
        words,
        transport,
        threads,
        log);
  }

  void write(KeyedLines lines) {
    lines.put("mountpoint", mountPoint.toString());
    lines.put("source", source);
    lines.put("repository", repository);
    lines.put("snapshot", snapshot);
    lines.put("image", image.toString());
    lines.putAll("lower", lowers.stream().map(LowerSource::format).toList());
    lines.put("upper", upper);
    lines.put("work", work);
    lines.put("options", words.format());
    lines.put("transport", transport.word());
    lines.put("threads", Integer.toString(threads));
    lines.put("log", log.toString());
  }

  static MountPlan read(KeyedLines lines) throws MountException {
    try {
      return new MountPlan(
          Path.of(need(lines, "mountpoint")),
          need(lines, "source"),
          lines.get("repository"),
          lines.get("snapshot"),
          Path.of(need(lines, "image")),
          lines.all("lower").stream().map(LowerSource::read).toList(),
          lines.get("upper").map(Path::of),
          lines.get("work").map(Path::of),
          MountWords.parse(lines.all("options")),
          TransportKind.valueOf(need(lines, "transport").toUpperCase(Locale.ROOT)),
          Integer.parseInt(need(lines, "threads")),
          Path.of(need(lines, "log")));
    } catch (IllegalArgumentException e) {
      throw new MountException(Kind.INTERNAL, "damaged plan of a mount: " + e.getMessage(), e);
    }
  }

  static String need(KeyedLines lines, String key) throws MountException {
    Optional<String> value = lines.get(key);
    if (value.isEmpty()) {
      throw new MountException(Kind.INTERNAL, "a line '" + key + "' is missing");
    }
    return value.get();
  }
}
