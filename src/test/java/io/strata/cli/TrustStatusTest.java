package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.trust.ClearSigner;
import io.strata.trust.Gpg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@DisplayName("strata status")
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class TrustStatusTest {
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @TempDir Path directory;
  private Path mirror;
  private ClearSigner signer;
  private String keys;

  @BeforeEach
  void publisher() throws Exception {
    mirror = Files.createDirectory(directory.resolve("mirror"));
    try (Gpg gpg = new Gpg(directory.resolve("gnupg"))) {
      gpg.oldKey("Publisher <p@example.org>", "ed25519");
      signer = ClearSigner.withKey(gpg.export("Publisher", true, true));
      keys = "sync-openpgp-key-path = " + gpg.export("Publisher", true, false);
    }
  }

  @Test
  @DisplayName("shows the key, the age and the trust of what was accepted")
  void trust() throws Exception {
    Path config = configure("openpgp-verify = required\n" + keys);
    publish("1", now.minus(Duration.ofDays(3)));
    try (InProcess strata = new InProcess()) {
      String before = status(strata, config);
      assertFalse(before.contains("trust"), before);
      strata.run(ExitCode.DONE, "sync", "--no-switch", "--config", config);
      String text = status(strata, config);
      has(text, "trust      signed by Publisher <p@example.org>, key " + signer.fingerprint());
      has(text, "index      signed at " + now.minus(Duration.ofDays(3)) + ", age 3 d 0 h\n");
      String json = json(strata, config);
      has(json, "\"key\": \"" + signer.fingerprint() + "\"");
      has(json, "\"freshness\": \"fresh\"");
      has(json, "\"max-age-seconds\": 1209600");

      Path hours = configure("openpgp-verify = required\nsync-squashdelta-max-age = 48h\n" + keys);
      has(status(strata, hours), "age 3 d 0 h (old: more than sync-squashdelta-max-age)");
      Path day = configure("openpgp-verify = required\nsync-squashdelta-max-age = 1\n" + keys);
      has(status(strata, day), "(too old: more than twice sync-squashdelta-max-age)");
      has(json(strata, day), "\"freshness\": \"expired\"");
    }
  }

  @Test
  @DisplayName("says where nothing was verified, or there was no signature")
  void untrusted() throws Exception {
    publish("1", now);
    Path no = configure("openpgp-verify = no");
    try (InProcess strata = new InProcess()) {
      strata.run(ExitCode.DONE, "sync", "--no-switch", "--config", no);
      has(status(strata, no), "trust      not verified (openpgp-verify = no)");
      has(status(strata, no), "index      accepted at ");
      has(status(strata, configure(keys)), "trust      not signed (openpgp-verify = yes)");
    }
  }

  @Test
  @DisplayName("says that a rollback was allowed, until the next good sync")
  void rollback() throws Exception {
    Path config = configure("openpgp-verify = required\n" + keys);
    Instant first = now.minus(Duration.ofDays(2));
    publish("1", first);
    byte[] old = Files.readAllBytes(mirror.resolve("sha512sum.txt"));
    publish("2", now);
    byte[] newer = Files.readAllBytes(mirror.resolve("sha512sum.txt"));
    try (InProcess strata = new InProcess()) {
      strata.run(ExitCode.DONE, "sync", "--no-switch", "--config", config);
      assertFalse(status(strata, config).contains("rollback"));
      Files.write(mirror.resolve("sha512sum.txt"), old);
      strata.run(ExitCode.SIGNATURE, "sync", "--no-switch", "--config", config);
      has(
          strata.errors(),
          "(rollback); try another mirror, or 'strata sync --allow-rollback guru'");
      strata.run(ExitCode.DONE, "sync", "--no-switch", "--allow-rollback", "--config", config);
      has(strata.errors(), "warning: ");
      String text = status(strata, config);
      has(text, "guru: at snapshot 1\n");
      has(text, "rollback   allowed at ");
      has(text, ": older than 2, signed at " + now + ", that was accepted before\n");
      has(json(strata, config), "\"from\": \"2\"");
      Files.write(mirror.resolve("sha512sum.txt"), newer);
      strata.run(ExitCode.DONE, "sync", "--no-switch", "--config", config);
      String after = status(strata, config);
      has(after, "guru: at snapshot 2\n");
      assertFalse(after.contains("rollback"), after);
    }
  }

  private static void has(String text, String part) {
    assertTrue(text.contains(part), () -> "no '" + part + "' in: " + text);
  }

  private static String status(InProcess strata, Path config) {
    return strata.run(ExitCode.DONE, "status", "guru", "--config", config).output();
  }

  private static String json(InProcess strata, Path config) {
    return strata.run(ExitCode.DONE, "status", "guru", "--json", "--config", config).output();
  }

  private void publish(String version, Instant signed) throws Exception {
    byte[] image = ("image " + version).getBytes(StandardCharsets.UTF_8);
    Files.write(mirror.resolve("guru-" + version + ".sqfs"), image);
    MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
    String text =
        HexFormat.of().formatHex(sha512.digest(image))
            + ("  guru-" + version + ".sqfs\nCurrent: guru-" + version + "\n");
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    Files.write(mirror.resolve("sha512sum.txt"), signer.sign(body, signed));
  }

  private Path configure(String lines) throws Exception {
    return Files.writeString(
        directory.resolve("repos.conf"),
        "[guru]\nsync-type = squashdelta\nsync-uri = "
            + mirror.toUri()
            + "\nsync-squashdelta-cache = "
            + directory.resolve("cache")
            + "\n"
            + lines
            + "\n");
  }
}
