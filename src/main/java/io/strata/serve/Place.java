package io.strata.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what a path of a request means in the directory that is served. */
record Place(Path root) {
  /** What is served from: links in the name of the directory itself are the user's own. */
  static Place of(Path directory) throws IOException {
    return new Place(directory.toRealPath());
  }

  /**
   * The file or directory; empty if there is none that may be shown.
   *
   * @param rawPath as it came, percent-encoded
   */
  Optional<Resource> find(String rawPath) {
    Optional<List<String>> names = names(rawPath);
    if (names.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = root;
      for (String name : names.get()) {
        path = path.resolve(name);
      }
      Path real = path.toRealPath();
      return isShown(real) ? Optional.of(Resource.of(real)) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The path of a request for a file below the directory. */
  String pathOf(Path file) {
    StringBuilder path = new StringBuilder();
    for (Path name : root.relativize(file)) {
      path.append('/').append(Listing.encoded(name.toString()));
    }
    return path.toString();
  }

  /** Whether a path without links is in the directory, and no name on the way is hidden. */
  private boolean isShown(Path real) {
    if (!real.startsWith(root)) {
      return false;
    }
    for (Path name : root.relativize(real)) {
      if (name.toString().startsWith(".")) {
        return false;
      }
    }
    return true;
  }

  /** The names on the way; empty if one of them can be none. */
  static Optional<List<String>> names(String rawPath) {
    List<String> names = new ArrayList<>();
    for (String raw : rawPath.split("/", -1)) {
      Optional<String> name = decoded(raw);
      if (name.isEmpty() || name.get().startsWith(".") || name.get().matches("(?s).*[/\0].*")) {
        return Optional.empty();
      }
      if (!name.get().isEmpty()) {
        names.add(name.get());
      }
    }
    return Optional.of(names);
  }

  private static Optional<String> decoded(String raw) {
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    ByteBuffer plain = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        plain.put(bytes[i]);
        continue;
      }
      int high = i + 3 <= bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = i + 3 <= bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      plain.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(plain.flip())
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
