package io.strata.digest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("SHA-2")
class Sha2Test {
  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static MessageDigest ofJdk(Sha2 kind) throws Exception {
    return MessageDigest.getInstance(kind == Sha2.SHA_256 ? "SHA-256" : "SHA-512");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("is libcrypto's where that is installed, as it is where tests run")
  void isNative(Sha2 kind) {
    assertInstanceOf(NativeDigest.class, kind.start());
  }

  @Test
  @DisplayName("is not libcrypto's where that has no such function")
  void missing() {
    UnsatisfiedLinkError error =
        assertThrows(UnsatisfiedLinkError.class, () -> Libcrypto.load("SHA0"));
    assertEquals("SHA0", error.getMessage());
  }

  @Test
  @DisplayName("gives the examples of FIPS 180-4")
  void examples() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    String sha512 =
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
    assertEquals(sha256, Sha2.SHA_256.hex(abc));
    assertEquals(sha512, Sha2.SHA_512.hex(abc));
    assertEquals(sha256, HexFormat.of().formatHex(Sha2.SHA_256.start().digest(abc)));
    assertEquals(sha512, HexFormat.of().formatHex(Sha2.SHA_512.start().digest(abc)));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("of bytes on the heap and outside, in pieces of any length, is the JDK's")
  void pieces(Sha2 kind) throws Exception {
    byte[] all = noise(300_000);
    byte[] right = ofJdk(kind).digest(all);
    ByteBuffer direct = ByteBuffer.allocateDirect(all.length).put(0, all);
    MessageDigest digest = kind.start();
    Random random = new Random(1);
    int at = 0;
    while (at < all.length) {
      int some = Math.min(random.nextInt(1, 90_000), all.length - at);
      switch (random.nextInt(4)) {
        case 0 -> digest.update(all, at, some);
        case 1 -> digest.update(ByteBuffer.wrap(all, at, some));
        case 2 -> {
          ByteBuffer piece = direct.limit(at + some).position(at);
          digest.update(piece);
          assertEquals(at + some, piece.position());
        }
        default -> {
          digest.update(all[at]);
          digest.update(direct.limit(at + some).slice(at + 1, some - 1).asReadOnlyBuffer());
        }
      }
      at += some;
    }
    assertArrayEquals(right, digest.digest());
    assertArrayEquals(ofJdk(kind).digest(), digest.digest(), "it starts anew");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("can be thrown away half-way, and put where there is room")
  void again(Sha2 kind) throws Exception {
    MessageDigest digest = kind.start();
    int length = digest.getDigestLength();
    byte[] all = noise(1000);
    digest.update(all, 0, 700);
    digest.reset();
    digest.update(all);
    byte[] target = new byte[length + 1];
    assertEquals(length, digest.digest(target, 1, length));
    assertArrayEquals(ofJdk(kind).digest(all), Arrays.copyOfRange(target, 1, 1 + length));
    assertThrows(DigestException.class, () -> digest.digest(target, 0, length - 1));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("of a file says how far it is")
  void file(Sha2 kind, @TempDir Path directory) throws Exception {
    byte[] all = noise(700_000);
    Path file = Files.write(directory.resolve("file"), all);
    List<Long> seen = new ArrayList<>();
    try (FileChannel in = FileChannel.open(file)) {
      assertArrayEquals(ofJdk(kind).digest(all), kind.of(in, seen::add));
      assertArrayEquals(ofJdk(kind).digest(all), kind.of(in));
    }
    assertEquals(List.of(262_144L, 524_288L, 700_000L), seen);
    assertEquals(HexFormat.of().formatHex(ofJdk(kind).digest(all)), kind.hex(all));
  }
}
