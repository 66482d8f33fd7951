package io.strata.union;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A name in a directory, fit to be a key. Immutable; the bytes are never handed on for writing. */
final class Name {
  /** The longest name in bytes (NAME_MAX of linux/limits.h), whatever a lower layer says. */
  static final int MAX = 255;

  private final byte[] bytes;
  private final int hash;

  private Name(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /** A key for {@code bytes}, which it shares: only for looking something up. */
  static Name sharing(byte[] bytes) {
    return new Name(bytes);
  }

  /** A key that may be kept: {@code bytes} are copied. */
  static Name copyOf(byte[] bytes) {
    return new Name(bytes.clone());
  }

  /**
   * Whether a node is asked for under its own id. The kernel does so for file handles, with the
   * name {@code .}; and what it found by a handle has the name {@code /} until it meets it in a
   * directory, which a file system that is stacked on ours has looked up again.
   *
   * <p>Source: {@code fuse_get_dentry} of fs/fuse/inode.c; {@code d_obtain_alias} of fs/dcache.c.
   */
  static boolean isSelf(byte[] name) {
    return name.length == 1 && (name[0] == '.' || name[0] == '/');
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name name && hash == name.hash && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
