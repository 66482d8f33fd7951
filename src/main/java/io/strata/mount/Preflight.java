package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Finds, before anything is mounted, what would make a mount fail or do harm: an upper layer that
 * somebody else uses, a layer inside the own mount point, which would be a deadlock.
 */
final class Preflight {
  /** How long a server may take from the end of its mount to its own. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(3);

  private final Registry registry;
  private final MountTable table;
  private final MadeDirectories made;
  private final List<String> notes = new ArrayList<>();

  Preflight(Registry registry, MountTable table, MadeDirectories made) {
    this.registry = registry;
    this.table = table;
    this.made = made;
  }

  /**
   * Checks everything; makes the upper and work directories where they are missing.
   *
   * @return what was done besides, for the user to know
   */
  List<String> check(MountPlan plan) throws MountException {
    checkWords(plan);
    checkNotMounted(plan.mountPoint());
    checkMountPoint(plan);
    checkReadable(plan.image());
    checkApart("the directory", plan.image(), plan.mountPoint());
    for (LowerSource lower : plan.lowers()) {
      checkReadable(lower.path());
      checkApart("--lower", lower.path(), plan.mountPoint());
    }
    if (plan.upper().isPresent() && plan.work().isPresent()) {
      checkUpper(plan, plan.upper().get(), plan.work().get());
    }
    return List.copyOf(notes);
  }

  private static void checkWords(MountPlan plan) throws MountException {
    MountWords words = plan.words();
    if (words.readOnly().isPresent() && !words.readOnly().get() && plan.upper().isEmpty()) {
      throw new MountException(
          Kind.USAGE, "-o rw: a lower layer is never written to; give --upper DIR for the changes");
    }
    if (words.offset().isPresent() && plan.repository().isPresent()) {
      throw new MountException(
          Kind.USAGE,
          "-o offset=: the snapshots of a repository begin with their files; leave it out");
    }
    if (words.synchronous() && plan.upper().isPresent()) {
      throw new MountException(
          Kind.USAGE, "-o sync: changes are written when fsync(2) asks; leave it out");
    }
    if (words.uid().isPresent() || words.gid().isPresent()) {
      refuseDirectories(plan);
    }
    boolean partly = words.offset().isPresent() || words.subdir().isPresent();
    if (partly && Files.isDirectory(plan.image())) {
      throw new MountException(
          Kind.USAGE,
          plan.image()
              + ": -o offset=, subdir= are for images, and this is a directory; name"
              + " the directory in question itself");
    }
  }

  private static void refuseDirectories(MountPlan plan) throws MountException {
    Stream<Path> lowers = plan.lowers().stream().map(LowerSource::path);
    for (Path lower : Stream.concat(Stream.of(plan.image()), lowers).toList()) {
      if (Files.isDirectory(lower)) {
        throw new MountException(
            Kind.USAGE,
            lower
                + ": -o uid=, gid= are for images, and this layer is a directory; leave them out");
      }
    }
  }

  private void checkNotMounted(Path mountPoint) throws MountException {
    Optional<MountPoint> mounted = table.at(mountPoint.toString()).filter(MountPoint::isStrata);
    if (mounted.isEmpty()) {
      return;
    }
    String name = mountPoint.toString();
    for (RegistryEntry entry : registry.entries()) {
      if (entry.plan().mountPoint().equals(mountPoint) && registry.alive(entry)) {
        throw new MountException(
            Kind.MOUNT,
            "%s: already mounted: %s by pid %d; 'strata umount %s' ends that"
                .formatted(name, entry.plan().image(), entry.pid(), name));
      }
    }
    throw new MountException(
        Kind.MOUNT,
        "%s: already mounted: %s, whose server is dead or another user's; try 'strata umount %s'"
            .formatted(name, mounted.get().source(), name));
  }

  private static void checkMountPoint(MountPlan plan) throws MountException {
    Path mountPoint = plan.mountPoint();
    if (!Files.exists(mountPoint)) {
      throw new MountException(
          Kind.MOUNT, mountPoint + ": no such directory; make it to mount there");
    }
    if (!Files.isDirectory(mountPoint)) {
      throw new MountException(
          Kind.MOUNT, mountPoint + ": not a directory; name one to mount there");
    }
    if (!plan.words().nonEmpty() && holdsSomething(mountPoint)) {
      throw new MountException(
          Kind.MOUNT,
          mountPoint
              + ": not empty; name an empty directory, or hide what it holds by -o nonempty");
    }
  }

  private static boolean holdsSomething(Path directory) throws MountException {
    try (var entries = Files.newDirectoryStream(directory)) {
      return entries.iterator().hasNext();
    } catch (IOException | DirectoryIteratorException e) {
      throw new MountException(
          Kind.MOUNT, directory + ": cannot be read: " + e.getMessage() + "; mount elsewhere", e);
    }
  }

  private static void checkReadable(Path layer) throws MountException {
    if (!Files.exists(layer)) {
      throw new MountException(Kind.IMAGE, layer + ": no such image or directory");
    }
    if (!Files.isReadable(layer)) {
      throw new MountException(Kind.IMAGE, layer + ": permission denied");
    }
  }

  private void checkUpper(MountPlan plan, Path upper, Path work) throws MountException {
    checkApart("--upper", upper, plan.mountPoint());
    checkApart("--work", work, plan.mountPoint());
    checkNotNested("--upper", upper, "SOURCE", plan.image());
    checkNotNested("--work", work, "SOURCE", plan.image());
    for (LowerSource lower : plan.lowers()) {
      checkNotNested("--upper", upper, "--lower", lower.path());
      checkNotNested("--work", work, "--lower", lower.path());
    }
    checkNotNested("--upper", upper, "--work", work);
    checkUnused(upper, work);
    makeDirectory("--upper", upper);
    makeDirectory("--work", work);
    checkWritable("--upper", upper);
    checkWritable("--work", work);
    checkOneFileSystem(upper, work);
  }

  private void checkApart(String option, Path layer, Path mountPoint) throws MountException {
    if (!Files.isDirectory(layer) && !isIn(layer, mountPoint)) {
      return; // an image may lie above the mount point: nothing leads back from it
    }
    checkNotNested(option, layer, "the mount point", mountPoint);
  }

  private boolean isIn(Path path, Path directory) {
    Optional<MountTable.Spot> outer = table.spot(directory);
    return path.startsWith(directory)
        || outer.isPresent() && table.spot(path).filter(spot -> spot.isIn(outer.get())).isPresent();
  }

  private void checkNotNested(String what, Path one, String other, Path two) throws MountException {
    if (one.startsWith(two) || two.startsWith(one)) {
      String relation = one.equals(two) ? "is " : one.startsWith(two) ? "lies inside " : "holds ";
      throw new MountException(
          Kind.MOUNT,
          what + " " + one + ": " + relation + other + " " + two + "; name one apart from it");
    }
    Optional<MountTable.Spot> first = table.spot(one);
    Optional<MountTable.Spot> second = table.spot(two);
    if (first.isPresent() && second.isPresent()) {
      checkNotAliased(what, one, first.get(), other + " " + two, second.get());
    }
  }

  /** A bind mount shows a directory at a second path: what is nested does not look it. */
  private static void checkNotAliased(
      String what, Path path, MountTable.Spot one, String other, MountTable.Spot two)
      throws MountException {
    if (one.isIn(two) || two.isIn(one)) {
      String relation = one.equals(two) ? "is " : one.isIn(two) ? "lies inside " : "holds ";
      throw new MountException(
          Kind.MOUNT,
          what
              + " "
              + path
              + ": "
              + relation
              + other
              + ", through a bind mount (both on "
              + one.device()
              + "); name one apart from it");
    }
  }

  private void checkUnused(Path upper, Path work) throws MountException {
    for (RegistryEntry entry : registry.entries()) {
      MountPlan other = entry.plan();
      boolean same =
          other.upper().filter(upper::equals).isPresent()
              || other.work().filter(work::equals).isPresent();
      if (same && !ends(entry)) {
        throw new MountException(
            Kind.BUSY,
            "%s: used as upper layer by the mount at %s (pid %d); unmount that or name another"
                .formatted(upper, other.mountPoint(), entry.pid()));
      }
    }
    for (MountPoint mount : table.mounts()) {
      if (mount.type().equals("overlay") && namesUpper(mount.superOptions(), upper)) {
        throw new MountException(
            Kind.BUSY,
            "%s: used as upper layer by the overlay at %s; unmount that or name another"
                .formatted(upper, mount.path()));
      }
    }
  }

  /** Whether a server is gone, or soon is, since its mount is. */
  private boolean ends(RegistryEntry entry) {
    boolean serves = table.at(entry.plan().mountPoint().toString()).isPresent();
    Optional<ProcessHandle> server = ProcessHandle.of(entry.pid());
    if (!serves && server.isPresent() && registry.alive(entry)) {
      try {
        server.get().onExit().get(LAST_STEPS.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return !registry.alive(entry);
  }

  private static boolean namesUpper(String superOptions, Path upper) {
    return ("," + superOptions + ",").contains(",upperdir=" + upper + ",");
  }

  private void makeDirectory(String option, Path directory) throws MountException {
    if (Files.isDirectory(directory)) {
      return;
    }
    if (Files.exists(directory)) {
      throw new MountException(
          Kind.MOUNT, option + " " + directory + ": not a directory; name one");
    }
    try {
      made.make(directory);
      notes.add(directory + ": made, as it was not there");
    } catch (IOException e) {
      throw new MountException(
          Kind.FILE,
          option + " " + directory + ": cannot be made: " + reason(e) + "; name another",
          e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> String.valueOf(f.getReason());
      case NoSuchFileException _ -> "no directory can be made there";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static void checkWritable(String option, Path directory) throws MountException {
    if (!Files.isWritable(directory)) {
      throw new MountException(
          Kind.FILE,
          option
              + " "
              + directory
              + ": not writable for this user; name one that is, or leave the"
              + " option out for a read-only mount");
    }
  }

  private static void checkOneFileSystem(Path upper, Path work) throws MountException {
    try {
      Object one = Files.getAttribute(upper, "unix:dev");
      Object two = Files.getAttribute(work, "unix:dev");
      if (!String.valueOf(one).equals(String.valueOf(two))) {
        throw new MountException(
            Kind.MOUNT,
            "--work "
                + work
                + ": on another file system than --upper "
                + upper
                + "; files are moved between the two, so name one beside it");
      }
    } catch (IOException e) {
      throw new MountException(Kind.FILE, work + ": " + e.getMessage(), e);
    }
  }
}
