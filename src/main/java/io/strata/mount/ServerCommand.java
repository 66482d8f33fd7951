package io.strata.mount;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a server's JVM: the one of this JVM, with another main class and heap. */
final class ServerCommand {
  /**
   * A server lives long and in the background: small heap, one collector thread. What it does in
   * Java is little beside the system calls and native code around it, so C1 is enough; C2 would
   * take the processors from the first readers (6 and 31 % of a first, cold tar, in two
   * comparisons). Blocks are cached outside the heap, so that limit is above the caches' own
   * budgets.
   */
  private static final List<String> SERVER_OPTIONS =
      List.of(
          "-Xms12m",
          "-Xmx192m",
          "-XX:MaxDirectMemorySize=1g",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:TieredStopAtLevel=1");

  /** The property with what else the launcher wants a server's JVM to get, an option a line. */
  private static final String LAUNCHER_OPTIONS = "strata.server.options";

  private static final List<String> WITH_VALUE =
      List.of(
          "-cp",
          "-classpath",
          "--class-path",
          "--module-path",
          "-p",
          "--add-exports",
          "--add-opens",
          "--add-modules",
          "--add-reads",
          "--enable-native-access");

  private ServerCommand() {}

  /** The command that starts a server whose JVM is like this one. */
  static List<String> ofThisJvm() throws IOException {
    Charset charset = MountTable.fileNameCharset();
    String text = Texts.read(Path.of("/proc/self/cmdline"), charset);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(optionsOf(List.of(text.split("\0"))));
    command.addAll(SERVER_OPTIONS);
    command.addAll(System.getProperty(LAUNCHER_OPTIONS, "").lines().toList());
    command.add("-cp");
    command.add(absolute(System.getProperty("java.class.path")));
    command.add(Server.class.getName());
    return command;
  }

  // The server's working directory is the root.
  private static String absolute(String classPath) {
    StringBuilder text = new StringBuilder();
    for (String element : classPath.split(File.pathSeparator)) {
      text.append(text.isEmpty() ? "" : File.pathSeparator);
      text.append(element.isEmpty() ? "" : Path.of(element).toAbsolutePath());
    }
    return text.toString();
  }

  /** The options of a JVM that its server gets too, from the whole of its command line. */
  static List<String> optionsOf(List<String> commandLine) {
    List<String> options = new ArrayList<>();
    int i = 1;
    while (i < commandLine.size() && commandLine.get(i).startsWith("-")) {
      String option = commandLine.get(i);
      boolean withValue = WITH_VALUE.contains(option) && i + 1 < commandLine.size();
      if (option.equals("-jar")) {
        break;
      }
      if (isForServer(option)) {
        options.add(option);
        if (withValue) {
          options.add(commandLine.get(i + 1));
        }
      }
      i += withValue ? 2 : 1;
    }
    return options;
  }

  // Left out is what the server has its own of, and what two processes can't both do.
  private static boolean isForServer(String option) {
    return !option.equals("-cp")
        && !option.equals("-classpath")
        && !option.startsWith("--class-path")
        && !option.startsWith("-Xm")
        && !option.startsWith("-agent")
        && !option.startsWith("-javaagent")
        && !option.startsWith("-Xrunjdwp")
        && !option.startsWith("-D" + LAUNCHER_OPTIONS)
        && !option.startsWith("-XX:AOT")
        && !option.startsWith("-XX:TieredStopAtLevel")
        && !option.startsWith("-XX:StartFlightRecording")
        && !(option.startsWith("-XX:+Use") && option.endsWith("GC"));
  }
}
