package io.strata.sync;

import io.strata.digest.Sha2;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What has come so far of one file, which is known by the digest that it is to have. It stays when
 * a sync ends before the file is whole, and the next sync goes on where this one stopped.
 *
 * <p>Beside the bytes lies a note of where they are from: three lines, the address, the mirror's
 * validator (or {@code -}) and the length of the whole file (or {@code -}). It is written before
 * the first byte is; bytes without a note are worth nothing.
 */
final class Partial implements AutoCloseable {
  private static final String NOTE = ".from";
  private static final int CHUNK = 1 << 18;

  /** Where the bytes are from. */
  private record Note(String address, Optional<String> validator, OptionalLong length) {
    List<String> lines() {
      String whole = length.isPresent() ? Long.toString(length.getAsLong()) : "-";
      return List.of(address, validator.orElse("-"), whole);
    }
  }

  /** Never through a link, which somebody else may have laid there. */
  private static final Set<OpenOption> APPENDING =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);

  private final LockedRepository repository;
  private final Path data;
  private final Path noteFile;
  private final MessageDigest digest = Sha2.SHA_512.start();
  private Optional<Note> note;
  private Optional<FileChannel> channel = Optional.empty();
  private long length;
  private boolean mixed;

  private Partial(LockedRepository repository, String sha512) {
    this.repository = repository;
    this.data = repository.partial(word(sha512));
    this.noteFile = repository.partial(word(sha512) + NOTE);
    this.note = note(noteFile);
  }

  /** What there is of the file with this digest; its bytes are read, for their digest. */
  static Partial open(LockedRepository repository, String sha512) throws SyncException {
    Partial partial = new Partial(repository, sha512);
    try {
      if (partial.note.isPresent() && isFile(partial.data)) {
        partial.readAll();
      } else {
        partial.discard();
      }
      return partial;
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot read the download so far", partial.data, e));
    }
  }

  /** How many bytes there are. */
  long length() {
    return length;
  }

  /** Whether not all bytes came in one answer. */
  boolean isMixed() {
    return mixed;
  }

  /** What to ask an address for. */
  Mirror.Resume resume(URI address) {
    if (length == 0 || note.isEmpty()) {
      return Mirror.Resume.NOTHING;
    }
    boolean same = note.get().address().equals(address.toString());
    return new Mirror.Resume(length, same ? note.get().validator() : Optional.empty());
  }

  /** Whether a body goes on where this stopped, as far as its length tells. */
  boolean fits(Mirror.Body body) {
    OptionalLong whole = note.map(Note::length).orElse(OptionalLong.empty());
    return body.from() == length
        && (body.length().isEmpty() || whole.isEmpty() || body.length().equals(whole));
  }

  /** Makes ready for the bytes of a body: from the start, or to go on. */
  void begin(Mirror.Body body, URI address) throws SyncException {
    if (body.from() == 0) {
      discard();
    }
    mixed = body.inParts();
    Note now = new Note(address.toString(), body.validator(), body.length());
    try {
      if (!note.equals(Optional.of(now))) {
        Files.deleteIfExists(noteFile);
        Files.write(noteFile, now.lines(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        note = Optional.of(now);
      }
      channel = Optional.of(FileChannel.open(data, APPENDING));
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot make the file", data, e));
    }
  }

  /**
   * Adds bytes.
   *
   * @throws IOException if they can't be written
   */
  void append(byte[] bytes, int count) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
    while (rest.hasRemaining()) {
      channel.orElseThrow().write(rest);
    }
    digest.update(bytes, 0, count);
    length += count;
  }

  /** The digest of all bytes; afterwards only {@link #moveTo} and {@link #discard} make sense. */
  String sha512() {
    return Sha2.hex(digest);
  }

  /** Gives the whole file its place. */
  void moveTo(Path target) throws SyncException {
    try {
      close();
      Files.deleteIfExists(noteFile);
      Files.move(data, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot rename the download", target, e));
    }
  }

  /** Throws all bytes away. */
  void discard() throws SyncException {
    digest.reset();
    length = 0;
    note = Optional.empty();
    try {
      close();
      Files.deleteIfExists(data);
      Files.deleteIfExists(noteFile);
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot remove the download", data, e));
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
      channel = Optional.empty();
    }
  }

  /** How much of a file is here, without reading it. */
  static long lengthOf(ImageStore store, String repository, String sha512) {
    Path data = store.partial(repository, word(sha512));
    try {
      boolean usable = note(store.partial(repository, word(sha512) + NOTE)).isPresent();
      return usable && isFile(data) ? Files.size(data) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Removes what has come of other files than those of these digests. */
  static void keepOnly(LockedRepository repository, Collection<String> digests)
      throws StoreException {
    Set<String> words = new HashSet<>();
    for (String sha512 : digests) {
      words.add(word(sha512));
      words.add(word(sha512) + NOTE);
    }
    repository.removePartials(words::contains);
  }

  /** Half of a digest: with all of it the name might become too long. */
  static String word(String sha512) {
    return sha512.substring(0, 64);
  }

  private void readAll() throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (var in = Files.newInputStream(data, LinkOption.NOFOLLOW_LINKS)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
        length += count;
      }
    }
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Optional<Note> note(Path file) {
    if (!isFile(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      if (lines.size() != 3
          || !lines.get(1).matches("[\\x20-\\x7e]+")
          || !lines.get(2).matches("-|[0-9]{1,18}")) {
        return Optional.empty();
      }
      return Optional.of(
          new Note(
              lines.get(0),
              Optional.of(lines.get(1)).filter(v -> !v.equals("-")),
              lines.get(2).equals("-")
                  ? OptionalLong.empty()
                  : OptionalLong.of(Long.parseLong(lines.get(2)))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
