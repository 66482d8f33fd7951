package io.strata.fuse.libfuse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The names that libfuse gives to open files when they are removed or replaced: {@code
 * .fuse_hidden} and 16 hexadecimal digits.
 *
 * <p>Source: hidden_name in lib/fuse.c of libfuse 2.9.9.
 */
final class HiddenName {
  private static final byte[] PREFIX = ".fuse_hidden".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 16;

  private HiddenName() {}

  /**
   * Whether {@code name}, the target of a rename, was thought up by libfuse in the request that
   * {@code worker} serves, and not by a user.
   */
  static boolean isOne(byte[] name, Worker worker) {
    return switch (worker.opcode()) {
      case Opcode.UNLINK -> true; // only libfuse renames then
      case Opcode.RENAME -> looksLikeOne(name) && !worker.renamesTo(name);
      default -> false;
    };
  }

  static boolean looksLikeOne(byte[] name) {
    if (name.length != PREFIX.length + DIGITS
        || !Arrays.equals(name, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
      return false;
    }
    for (int i = PREFIX.length; i < name.length; i++) {
      if (Character.digit(name[i], 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
