package io.strata.codec.natives;

import io.strata.codec.CodecException;
import io.strata.natives.SharedLibrary;
import jnr.ffi.Platform;
import org.jspecify.annotations.Nullable;

/** The native libraries: how a system calls them and how a user gets them. */
public enum NativeLibrary {
  /** LZO1X. */
  LZO("lzo2", "liblzo2.so.2", "liblzo2-2"),
  /** LZ4 and LZ4HC. */
  LZ4("lz4", "liblz4.so.1", "liblz4-1"),
  /** zlib, which is SquashFS's gzip. */
  ZLIB("z", "libz.so.1", "zlib1g"),
  /** The .xz format. */
  LZMA("lzma", "liblzma.so.5", "liblzma5"),
  /** Zstandard. */
  ZSTD("zstd", "libzstd.so.1", "libzstd1");

  private final String plainName;
  private final String soname;
  private final String debianPackage;

  NativeLibrary(String plainName, String soname, String debianPackage) {
    this.plainName = plainName;
    this.soname = soname;
    this.debianPackage = debianPackage;
  }

  /** What messages call it, such as {@code "liblz4"}. */
  public String displayName() {
    return "lib" + plainName;
  }

  /**
   * Loads the library.
   *
   * @throws CodecException if it is not on this system; the message says what to install
   */
  public SharedLibrary open() throws CodecException {
    try {
      return SharedLibrary.open(fileName());
    } catch (UnsatisfiedLinkError e) {
      throw missing(e);
    }
  }

  private CodecException missing(UnsatisfiedLinkError cause) {
    return new CodecException(
        "needs the system library "
            + soname
            + " (on Debian: apt-get install "
            + debianPackage
            + ")",
        cause);
  }

  /** The same, but gives null if it is not on this system. */
  public @Nullable SharedLibrary openOrNull() {
    try {
      return SharedLibrary.open(fileName());
    } catch (UnsatisfiedLinkError e) {
      return null;
    }
  }

  private String fileName() {
    return Platform.getNativePlatform().getOS() == Platform.OS.LINUX ? soname : plainName;
  }
}
