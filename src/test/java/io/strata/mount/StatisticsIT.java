package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a mount was asked")
class StatisticsIT extends MountFixture {
  private static final Pattern NUMBER = Pattern.compile("\"([^\"]+)\": ([0-9]+)");

  /** The numbers of the mount, of status --json. */
  private Map<String, Long> numbers() throws Exception {
    String json = strata.run("status", mountPoint, "--json").expect(0).out();
    assertEquals(json.indexOf("\"mountpoint\""), json.lastIndexOf("\"mountpoint\""), json);
    Map<String, Long> numbers = new TreeMap<>();
    Matcher matcher = NUMBER.matcher(json.substring(json.indexOf("\"statistics\"")));
    while (matcher.find()) {
      numbers.put(matcher.group(1), Long.valueOf(matcher.group(2)));
    }
    return numbers;
  }

  /** Reads all files and asks for attributes that are not there; gives how many bytes it read. */
  private long use() throws Exception {
    String read = "cd '" + mountPoint + "' && cat word sleep | wc -c; ls -l . > /dev/null";
    long bytes = Long.parseLong(Strata.tool("sh", "-ec", read).strip());
    String ask = "! getfattr -n user.none '" + mountPoint + "/word' 2> /dev/null";
    Strata.tool("sh", "-ec", ask);
    return bytes;
  }

  private static long count(Map<String, Long> numbers, String name) {
    return numbers.getOrDefault(name, 0L);
  }

  @ParameterizedTest(name = "through {0}")
  @ValueSource(strings = {"kernel", "libfuse"})
  @DisplayName("is counted by opcode, with errors, bytes and, with --stats, times")
  void counted(String transport) throws Exception {
    mount("--transport", transport, "--stats");
    final long bytes = use();
    Map<String, Long> numbers = numbers();
    String all = numbers.toString();
    assertEquals(bytes, count(numbers, "bytes-read"), all);
    assertEquals(bytes, count(numbers, "bytes.READ"), all);
    assertTrue(count(numbers, "requests.READ") >= 2, all);
    assertFalse(numbers.containsKey("errors.READ"), all);
    assertTrue(count(numbers, "errors.GETXATTR") >= 1, all);
    assertTrue(count(numbers, "errors.GETXATTR") <= count(numbers, "requests.GETXATTR"), all);
    assertTrue(count(numbers, "nanos.READ") >= count(numbers, "longest-nanos.READ"), all);
    assertTrue(count(numbers, "longest-nanos.READ") > 0, all);
    assertEquals(count(numbers, "requests.READ"), inHistogram(numbers, "READ"), all);
    assertTrue(count(numbers, "block-misses") >= 1, all);
    assertTrue(count(numbers, "blocks-loaded") >= count(numbers, "block-misses"), all);
    assertTrue(count(numbers, "metadata-misses") >= 1, all);
    assertTrue(count(numbers, "inode-hits") >= 1, all);
  }

  private static long inHistogram(Map<String, Long> numbers, String opcode) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("log2-nanos." + opcode + "."))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Test
  @DisplayName("is counted without --stats too, but for the times, and is not logged")
  void withoutTimes() throws Exception {
    mount();
    long bytes = use();
    Map<String, Long> numbers = numbers();
    assertEquals(bytes, count(numbers, "bytes-read"), numbers::toString);
    assertFalse(
        numbers.keySet().stream().anyMatch(name -> name.contains("nanos")), numbers::toString);
    Path log = entry().plan().log();
    strata.run("umount", mountPoint).expect(0);
    assertFalse(Files.readString(log).contains("READ"));
  }

  @Test
  @DisplayName("is printed by status --stats, and logged when the mount ends")
  void shown() throws Exception {
    mount("--stats");
    use();
    String table = strata.run("status", "--stats", mountPoint).expect(0).out();
    assertTrue(table.contains(mountPoint + ": serving"), table);
    assertTrue(
        Pattern.compile("(?m)^  READ +[0-9]+ +0 +[0-9]+ +0\\.").matcher(table).find(), table);
    assertTrue(Pattern.compile("(?m)^  read-ahead +[0-9]+ blocks").matcher(table).find(), table);
    String other = strata.run("status", "--stats", directory).expect(0).out();
    assertEquals("", other);
    Path log = entry().plan().log();
    strata.run("umount", mountPoint).expect(0);
    String logged = Files.readString(log);
    assertTrue(logged.contains("what " + image + " was asked at " + mountPoint), logged);
    assertTrue(Pattern.compile("(?m)^\\S+ READ +[0-9]+ +0 ").matcher(logged).find(), logged);
    assertTrue(logged.contains("inodes "), logged);
  }

  @Test
  @DisplayName("is on the standard error of a server in the foreground, also after a signal")
  void foreground() throws Exception {
    Process process = strata.start("mount", "--foreground", "--stats", image, mountPoint);
    try (InputStream words = process.getInputStream()) {
      StringBuilder said = new StringBuilder();
      while (said.indexOf("serving") < 0) {
        byte[] some = new byte[256];
        int got = words.read(some);
        assertTrue(got > 0, said::toString);
        said.append(new String(some, 0, got, StandardCharsets.UTF_8));
      }
      word();
      Strata.tool("kill", Long.toString(process.pid()));
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      said.append(new String(words.readAllBytes(), StandardCharsets.UTF_8));
      assertTrue(Pattern.compile("(?m)^\\S+ READ +1 +0 +3 ").matcher(said).find(), said::toString);
      assertNothingLeft();
    }
  }
}
