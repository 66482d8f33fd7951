package io.strata.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who keeps a mount busy, from what /proc and /sys say: no file of the mount is touched,
 * so a mount whose server hangs can be asked about too. A user sees only the own processes.
 */
public final class HolderScan {
  private static final Path BLOCK_DEVICES = Path.of("/sys/block");

  private final Processes processes;
  private final Path blockDevices;

  public HolderScan(Processes processes) {
    this(processes, BLOCK_DEVICES);
  }

  HolderScan(Processes processes, Path blockDevices) {
    this.processes = processes;
    this.blockDevices = blockDevices;
  }

  /**
   * Everybody who holds something at or below {@code mountPoint}; one finding for each process and
   * kind.
   *
   * @param mountPoint as the mount table has it
   */
  public List<Holder> holders(String mountPoint, MountTable table) {
    List<Holder> holders = new ArrayList<>();
    for (MountPoint inside : table.inside(mountPoint)) {
      String what = inside.type() + " of " + inside.source();
      holders.add(new Holder(Holder.Kind.MOUNT, 0, what, inside.path()));
    }
    addLoopDevices(holders, mountPoint);
    try {
      for (long pid : processes.all()) {
        addProcess(holders, pid, mountPoint);
      }
    } catch (IOException e) {
      return holders; // without /proc there is nothing more to find
    }
    return holders;
  }

  private void addProcess(List<Holder> holders, long pid, String mountPoint) {
    Path directory = processes.directory(pid);
    addLink(holders, Holder.Kind.WORKING_DIRECTORY, pid, directory.resolve("cwd"), mountPoint);
    addLink(holders, Holder.Kind.ROOT_DIRECTORY, pid, directory.resolve("root"), mountPoint);
    addLink(holders, Holder.Kind.PROGRAM, pid, directory.resolve("exe"), mountPoint);
    addOpenFile(holders, pid, directory.resolve("fd"), mountPoint);
    addMapping(holders, pid, directory.resolve("maps"), mountPoint);
  }

  private boolean addLink(
      List<Holder> holders, Holder.Kind kind, long pid, Path link, String mountPoint) {
    Optional<String> target = target(link).filter(path -> isInside(path, mountPoint));
    target.ifPresent(path -> holders.add(new Holder(kind, pid, processes.command(pid), path)));
    return target.isPresent();
  }

  private void addOpenFile(List<Holder> holders, long pid, Path descriptors, String mountPoint) {
    try (var links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        if (addLink(holders, Holder.Kind.OPEN_FILE, pid, link, mountPoint)) {
          return;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // the process ended, or is another user's
    }
  }

  private void addMapping(List<Holder> holders, long pid, Path maps, String mountPoint) {
    Optional<String> mapped = mappedFile(maps, mountPoint);
    if (mapped.isEmpty() || isKnownAs(Holder.Kind.PROGRAM, holders, pid)) {
      return;
    }
    holders.add(new Holder(Holder.Kind.MAPPING, pid, processes.command(pid), mapped.get()));
  }

  private static boolean isKnownAs(Holder.Kind kind, List<Holder> holders, long pid) {
    for (Holder holder : holders) {
      if (holder.pid() == pid && holder.kind() == kind) {
        return true;
      }
    }
    return false;
  }

  // A line of proc_pid_maps(5) ends with the path, the first slash in it.
  private static Optional<String> mappedFile(Path maps, String mountPoint) {
    try {
      String text = Texts.read(maps, MountTable.fileNameCharset());
      int from = text.indexOf(mountPoint);
      while (from >= 0) {
        int end = text.indexOf('\n', from);
        String path = text.substring(from, end < 0 ? text.length() : end);
        if (text.charAt(Math.max(0, from - 1)) == ' ' && isInside(path, mountPoint)) {
          return Optional.of(path);
        }
        from = text.indexOf(mountPoint, from + 1);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void addLoopDevices(List<Holder> holders, String mountPoint) {
    try (var devices = Files.newDirectoryStream(blockDevices, "loop*")) {
      for (Path device : devices) {
        Path backing = device.resolve("loop").resolve("backing_file");
        if (Files.exists(backing)) {
          String file = Texts.read(backing, StandardCharsets.UTF_8).strip();
          if (isInside(file, mountPoint)) {
            String name = "/dev/" + device.getFileName();
            holders.add(new Holder(Holder.Kind.LOOP_DEVICE, 0, name, file));
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // no loop devices here, or one of them went away
    }
  }

  private static Optional<String> target(Path link) {
    try {
      return Optional.of(Files.readSymbolicLink(link).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isInside(String path, String mountPoint) {
    return path.startsWith(mountPoint)
        && (path.length() == mountPoint.length()
            || path.charAt(mountPoint.length()) == '/'
            || path.startsWith(" (deleted)", mountPoint.length()));
  }
}
