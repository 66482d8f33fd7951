package io.strata.mount;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an upper layer lies on. It is recorded in the upper at its first use, as {@link KeyedLines}.
 *
 * @param digest of the image that was mounted, as {@code SquashFsImage.fingerprint}
 * @param subdir the directory of the image that was mounted, in place of its root
 * @param repository whose snapshot the image is, if it is one's
 * @param name the image, for people: its snapshot or its file's name
 * @param below a digest of what the further lower layers are; empty where there is none
 */
record Base(
    String digest,
    Optional<String> subdir,
    Optional<String> repository,
    String name,
    Optional<String> below) {
  private static final String FORMAT = "1";

  /** The record as it lies in the upper. */
  byte[] encode() {
    KeyedLines lines = new KeyedLines().put("base", FORMAT).put("digest", digest);
    lines.put("subdir", subdir).put("repository", repository).put("name", name).put("below", below);
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a record; null for one that says nothing to us. */
  static @Nullable Base decode(byte[] record) {
    KeyedLines lines = KeyedLines.parse(new String(record, StandardCharsets.UTF_8));
    if (!lines.get("base").equals(Optional.of(FORMAT)) || lines.get("digest").isEmpty()) {
      return null;
    }
    return new Base(
        lines.get("digest").get(),
        lines.get("subdir"),
        lines.get("repository"),
        lines.get("name").orElse("an image"),
        lines.get("below"));
  }

  /** Whether it is the same tree. */
  boolean isSame(Base other) {
    return digest.equals(other.digest) && hasSameShape(other);
  }

  /** Whether it is a snapshot of the same repository, or the same tree. */
  boolean follows(Base other) {
    boolean related = repository.isPresent() && repository.equals(other.repository);
    return isSame(other) || (related && hasSameShape(other));
  }

  private boolean hasSameShape(Base other) {
    return subdir.equals(other.subdir) && below.equals(other.below);
  }

  /** For people. */
  @Override
  public String toString() {
    return name + subdir.map(directory -> ", subdir=" + directory).orElse("");
  }
}
