package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The servers of a user, one file each: {@code PID.mount}, beside it the control socket {@code
 * PID.sock}. What a killed server left is known by its process being gone.
 *
 * <p>Thread-safe; other processes write here too.
 */
public final class Registry {
  private static final String SUFFIX = ".mount";
  private static final String SOCKET_SUFFIX = ".sock";

  /** How long to wait for servers that are just starting before files of dead ones are removed. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Path directory;
  private final Processes processes;

  public Registry(Path directory, Processes processes) {
    this.directory = directory;
    this.processes = processes;
  }

  /** The registry of whoever runs this process. */
  public static Registry ofThisUser() throws MountException {
    return new Registry(Directories.ofThisUser().registry(), Processes.system());
  }

  /** Where it lies. */
  public Path directory() {
    return directory;
  }

  Processes processes() {
    return processes;
  }

  Path socketOf(long pid) {
    return directory.resolve(pid + SOCKET_SUFFIX);
  }

  Path fileOf(long pid) {
    return directory.resolve(pid + SUFFIX);
  }

  /** Writes an entry, in place of the one that this server had before. */
  void put(RegistryEntry entry) throws MountException {
    Path file = fileOf(entry.pid());
    Path temporary = directory.resolve(entry.pid() + ".new");
    try {
      Directories.makePrivate(directory);
      write(temporary, entry.write());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new MountException(
          Kind.FILE, file + ": cannot register the mount: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.deleteIfExists(file); // left by a process that had this pid before
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  /** Takes a server out, with its socket. */
  void remove(long pid) throws MountException {
    try {
      Files.deleteIfExists(socketOf(pid));
      Files.deleteIfExists(fileOf(pid));
    } catch (IOException e) {
      throw new MountException(
          Kind.FILE, fileOf(pid) + ": cannot be removed: " + e.getMessage(), e);
    }
  }

  /** All servers, living and dead; a file that is no entry is passed over. */
  public List<RegistryEntry> entries() throws MountException {
    List<RegistryEntry> entries = new ArrayList<>();
    try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        addEntry(entries, file);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new MountException(
          Kind.FILE, directory + ": cannot read the registry: " + e.getMessage(), e);
    }
    entries.sort(
        (a, b) -> a.plan().mountPoint().toString().compareTo(b.plan().mountPoint().toString()));
    return entries;
  }

  private static void addEntry(List<RegistryEntry> entries, Path file) throws IOException {
    try {
      entries.add(RegistryEntry.read(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return; // its server has just ended
    } catch (MountException e) {
      return; // of another version of the program, or damaged: not ours to judge
    }
  }

  /** Whether the entry's server is still there. */
  public boolean alive(RegistryEntry entry) {
    return processes.alive(entry.pid(), entry.startTime());
  }

  /**
   * Takes out the entries whose server and mount are both gone; gives the others. Nothing is
   * unmounted.
   *
   * @param table as it is now: read before the entries are
   */
  public List<RegistryEntry> sweep(MountTable table) throws MountException, InterruptedException {
    List<RegistryEntry> entries = entries();
    Set<Path> served = new HashSet<>();
    for (RegistryEntry entry : entries) {
      if (alive(entry)) {
        served.add(entry.plan().mountPoint());
      }
    }
    List<RegistryEntry> left = new ArrayList<>();
    List<RegistryEntry> gone = new ArrayList<>();
    for (RegistryEntry entry : entries) {
      boolean stays = alive(entry) || isDeadMount(entry.plan().mountPoint(), served, table);
      (stays ? left : gone).add(entry);
    }
    if (!gone.isEmpty()) {
      removeAll(gone);
    }
    return left;
  }

  /**
   * A new server may have got the number of a dead one, and so its file: it writes that under the
   * lock. Where the lock is not to be had, the files stay until the next time.
   */
  private void removeAll(List<RegistryEntry> gone) throws MountException, InterruptedException {
    try (RegistryLock lock = RegistryLock.takeWithin(PATIENCE, Posix.system(), this)) {
      if (lock == null) {
        return;
      }
      List<RegistryEntry> now = entries();
      for (RegistryEntry entry : gone) {
        if (now.contains(entry)) {
          remove(entry.pid());
        }
      }
    }
  }

  private static boolean isDeadMount(Path mountPoint, Set<Path> served, MountTable table) {
    return !served.contains(mountPoint)
        && table.at(mountPoint.toString()).filter(MountPoint::isStrata).isPresent();
  }
}
