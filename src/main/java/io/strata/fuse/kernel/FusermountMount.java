package io.strata.fuse.kernel;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.ProcessCalls.Inheritance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Mounts through the setuid helper fusermount3, for ordinary users.
 *
 * <p>The helper opens /dev/fuse, mounts, and sends the descriptor over the socket that the variable
 * _FUSE_COMMFD names. What it says on stderr becomes the message.
 */
final class FusermountMount implements Mounter {
  private static final String PROGRAM = "fusermount3";
  private static final int STDERR = 2;
  private static final int MOST_WORDS = 4096;

  private final Posix posix;

  FusermountMount(Posix posix) {
    this.posix = posix;
  }

  /** How the helper ended, and what it said. */
  private record Outcome(int status, String words) {}

  @Override
  public int mount(MountOptions options, int type) throws FuseMountException {
    String path = options.mountPoint().toString();
    try {
      int[] sockets = posix.processes().socketPair();
      try {
        Child child = start(List.of(PROGRAM, "-o", optionString(options), "--", path), sockets[1]);
        posix.files().close(sockets[1]); // so that the end of the helper ends the wait below
        sockets[1] = -1;
        OptionalInt device = posix.processes().receiveDescriptor(sockets[0]);
        Outcome outcome = child.await();
        if (device.isEmpty()) {
          throw failed("can't mount on " + path, outcome);
        }
        return device.getAsInt();
      } finally {
        closeAll(sockets);
      }
    } catch (ErrnoException e) {
      throw new FuseMountException(e.errno(), "can't mount on " + path + ": " + e.getMessage());
    }
  }

  /** The argument of {@code -o}, as fusermount3(1) has it. */
  static String optionString(MountOptions options) {
    return (options.has(Flag.READ_ONLY) ? "ro" : "rw")
        + (options.has(Flag.NOSUID) ? ",nosuid" : "")
        + (options.has(Flag.NODEV) ? ",nodev" : "")
        + (options.has(Flag.NOEXEC) ? ",noexec" : "")
        + (options.has(Flag.NOATIME) ? ",noatime" : "")
        + (options.has(Flag.ALLOW_OTHER) ? ",allow_other" : "")
        + ",default_permissions,max_read="
        + Exchange.MAX_TRANSFER
        + ",subtype="
        + options.subtype()
        + ",fsname="
        + options.source().replace("\\", "\\\\").replace(",", "\\,");
  }

  @Override
  public void unmount(Path mountPoint, boolean lazily) throws FuseMountException {
    String path = mountPoint.toString();
    List<String> command =
        lazily ? List.of(PROGRAM, "-u", "-z", "--", path) : List.of(PROGRAM, "-u", "--", path);
    try {
      Outcome outcome = start(command, -1).await();
      if (outcome.status() != 0) {
        throw failed("can't unmount " + path, outcome);
      }
    } catch (ErrnoException e) {
      throw new FuseMountException(e.errno(), "can't unmount " + path + ": " + e.getMessage());
    }
  }

  private static FuseMountException failed(String what, Outcome outcome) {
    String words = outcome.words().isBlank() ? "exit status " + outcome.status() : outcome.words();
    int errno = words.contains("busy") ? Errno.EBUSY : 0;
    String wayOut =
        words.contains("user_allow_other") ? " (a line of its own in that file allows it)" : "";
    return new FuseMountException(errno, what + ": " + words.strip() + wayOut);
  }

  /** A running helper, and the pipe that its words come through. */
  private record Child(Posix posix, int pid, int words) {
    Outcome await() throws ErrnoException {
      try {
        String said = readAll(posix.files(), words);
        return new Outcome(posix.processes().waitFor(pid), said);
      } finally {
        posix.files().close(words);
      }
    }
  }

  private Child start(List<String> command, int socket) throws ErrnoException, FuseMountException {
    int[] pipe = posix.files().pipe(NameCalls.O_CLOEXEC);
    try {
      Map<Integer, Integer> descriptors = new HashMap<>();
      descriptors.put(pipe[1], STDERR);
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.put("LC_ALL", "C");
      if (socket >= 0) {
        descriptors.put(socket, socket);
        environment.put("_FUSE_COMMFD", Integer.toString(socket));
      }
      int pid = posix.processes().spawn(command, environment, descriptors, Inheritance.OTHERS_TOO);
      Child child = new Child(posix, pid, pipe[0]);
      pipe[0] = -1;
      return child;
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENOENT
          ? new FuseMountException(
              Errno.ENOENT, PROGRAM + " is not installed; install the package fuse3")
          : new FuseMountException(e.errno(), "can't start " + PROGRAM + ": " + e.getMessage());
    } finally {
      closeAll(pipe);
    }
  }

  /** What comes until the end, on one line; no more than {@link #MOST_WORDS} bytes of it. */
  private static String readAll(FileCalls files, int descriptor) throws ErrnoException {
    NativeBuffer buffer = NativeBuffer.allocate(MOST_WORDS);
    StringBuilder said = new StringBuilder();
    while (true) {
      int got = files.read(descriptor, buffer.address(), MOST_WORDS);
      if (got == 0) {
        return said.toString().strip().replace("\n", "; ");
      }
      if (said.length() < MOST_WORDS) {
        byte[] bytes = new byte[got];
        buffer.bytes().get(0, bytes);
        said.append(new String(bytes, StandardCharsets.UTF_8));
      }
    }
  }

  private void closeAll(int[] descriptors) {
    for (int descriptor : descriptors) {
      if (descriptor >= 0) {
        posix.files().close(descriptor);
      }
    }
  }
}
