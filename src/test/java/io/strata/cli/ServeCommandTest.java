package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine.TypeConversionException;

@DisplayName("strata serve")
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class ServeCommandTest {
  @TempDir Path directory;

  @Test
  @DisplayName("prints its address, serves what it can read, logs, and ends with 0 on SIGTERM")
  void serves() throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.writeString(root.resolve("a"), "content");
    Path closed = Files.createDirectory(root.resolve("closed"));
    Files.setPosixFilePermissions(closed, Set.of());
    Path log = directory.resolve("log");
    List<String> command =
        List.of(
            "setpriv", // root reads everything otherwise
            "--bounding-set=-dac_override,-dac_read_search",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.strata.cli.Main",
            "serve",
            root.toString(),
            "--listen",
            "127.0.0.1:0",
            "--access-log",
            log.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create(out.readLine());
      HttpResponse<String> answer =
          client.send(HttpRequest.newBuilder(uri.resolve("a")).build(), BodyHandlers.ofString());
      assertEquals("content", answer.body());
      HttpRequest unreadable = HttpRequest.newBuilder(uri.resolve("closed/")).build();
      assertEquals(403, client.send(unreadable, BodyHandlers.discarding()).statusCode());
      process.destroy(); // SIGTERM
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      assertTrue(Files.readString(log).contains("\"GET /a HTTP/1.1\" 200 7 "));
    } finally {
      process.destroyForcibly();
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  @DisplayName("says what is wrong with where it is to listen, or what it is to serve")
  void refusals() throws Exception {
    try (InProcess strata = new InProcess();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      strata.run(ExitCode.BUSY, "serve", directory, "--listen", address);
      assertTrue(strata.errors().contains("choose another with --listen"), strata.errors());
      strata.run(ExitCode.USAGE, "serve", directory, "--listen", "nonsense:x");
      strata.run(ExitCode.FILE, "serve", directory.resolve("none"));
      strata.run(ExitCode.USAGE, "serve", "");
      assertTrue(strata.errors().contains("write '.'"), strata.errors());
    }
  }

  @Test
  @DisplayName("takes an address with a port, or one of them")
  void addresses() {
    assertEquals(new InetSocketAddress("127.0.0.1", 80), listen("127.0.0.1:80"));
    assertEquals(new InetSocketAddress("127.0.0.1", 80), listen("80"));
    assertEquals(new InetSocketAddress(80), listen(":80"));
    assertEquals(new InetSocketAddress("::1", 0), listen("[::1]:0"));
    for (String wrong : List.of("", "::1:80", "a:b", "127.0.0.1:65536", "x:-1", "127.0.0.1:")) {
      org.junit.jupiter.api.Assertions.assertThrows(
          TypeConversionException.class, () -> listen(wrong), wrong);
    }
  }

  private static InetSocketAddress listen(String value) {
    return new ListenAddress().convert(value);
  }
}
