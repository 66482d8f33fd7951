package io.strata.fuse.kernel;

import io.strata.fuse.Features;
import io.strata.fuse.FuseMountException;
import io.strata.fuse.MemoryFileSystem;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@link UserMountIT} runs as an ordinary user; says on stdout what came of it. */
final class UserMountProbe {
  private UserMountProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    MemoryFileSystem tree = new MemoryFileSystem(Features.READ_ONLY);
    tree.file("hello", "hello, user\n".getBytes(StandardCharsets.UTF_8));
    MountOptions options = MountOptions.readOnly(directory, "back\\slash, comma and space");
    KernelTransport transport = new KernelTransport(Posix.system());
    try {
      transport.mount(tree, options.with(Flag.ALLOW_OTHER, true));
    } catch (FuseMountException e) {
      System.out.println("allow_other: " + e.getMessage());
    }
    Session session = transport.mount(tree, options);
    System.out.print(output("cat", directory.resolve("hello").toString()));
    Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(directory.toString()))
        .forEach(System.out::println);
    unmountBusy(session, directory);
    session.unmount();
    System.out.println("ended " + session.ended() + ", stops " + tree.stops.get());
  }

  private static void unmountBusy(Session session, Path directory) throws Exception {
    Process user = new ProcessBuilder("cat").directory(directory.toFile()).start();
    try {
      session.unmount();
    } catch (FuseMountException e) {
      System.out.println("busy " + e.errno() + ": " + e.getMessage());
    } finally {
      user.getOutputStream().close();
      user.waitFor();
    }
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
