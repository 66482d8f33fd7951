package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The command line of a server")
class ServerCommandTest {
  @Test
  @DisplayName(
      "has the options of this JVM, but its own heap, and no second debugger, recording or archive")
  void options() {
    List<String> line =
        List.of(
            "/jdk/bin/java",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:AOTCache=/x/strata.aot",
            "-Xmx1g",
            "-XX:+UseParallelGC",
            "-XX:TieredStopAtLevel=1",
            "-agentlib:jdwp=transport=dt_socket",
            "-XX:AOTCacheOutput=/x/new.aot",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-cp",
            "/a:/b",
            "-Dstrata.shared=/d",
            "-Dstrata.server.options=-XX:AOTCache=/x/server.aot\n-Xlog:disable",
            "io.strata.cli.Main",
            "mount",
            "-Xmx2g");
    assertEquals(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-Dstrata.shared=/d"),
        ServerCommand.optionsOf(line));
  }

  @Test
  @DisplayName("has what the launcher has to say, an option a line, as it may hold spaces")
  void launcher() throws Exception {
    System.setProperty("strata.server.options", "-XX:AOTCache=/a b/server.aot\n-Xlog:disable");
    try {
      List<String> command = ServerCommand.ofThisJvm();
      assertTrue(command.contains("-XX:AOTCache=/a b/server.aot"));
      assertTrue(command.contains("-Xlog:disable"));
    } finally {
      System.clearProperty("strata.server.options");
    }
  }

  @Test
  @DisplayName("ends with the class path and the server's class")
  void whole() throws Exception {
    List<String> command = ServerCommand.ofThisJvm();
    assertTrue(command.getFirst().endsWith("/bin/java"));
    assertEquals("io.strata.mount.Server", command.getLast());
    assertEquals("-cp", command.get(command.size() - 3));
    assertTrue(command.contains("-XX:+UseSerialGC"));
  }
}
