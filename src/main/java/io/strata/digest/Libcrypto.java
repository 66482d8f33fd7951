package io.strata.digest;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/**
 * SHA-2 of OpenSSL's libcrypto, of sha.h.
 *
 * <p>The functions are the plain ones, which OpenSSL 3 calls deprecated in favour of EVP: these
 * keep the state where the caller wants it, and have none of their own for the process. Libraries
 * under the names here have them.
 */
final class Libcrypto {
  /** Room for an {@code SHA512_CTX}, which has 216 bytes, or an {@code SHA256_CTX}, with 112. */
  static final int STATE_SIZE = 256;

  /** As Linux distributions of today have it, newest first. */
  private static final String[] NAMES = {"libcrypto.so.3", "libcrypto.so.1.1"};

  private final NativeFunction init;
  private final NativeFunction update;
  private final NativeFunction last;

  private Libcrypto(SharedLibrary library, String algorithm) {
    init = library.function(algorithm + "_Init");
    update = library.function(algorithm + "_Update");
    last = library.function(algorithm + "_Final");
  }

  /**
   * Loads the library.
   *
   * @param algorithm {@code "SHA256"} or {@code "SHA512"}
   * @throws UnsatisfiedLinkError if it is not on this system, or without these functions
   */
  static Libcrypto load(String algorithm) {
    UnsatisfiedLinkError missing = new UnsatisfiedLinkError(algorithm);
    for (String name : NAMES) {
      try {
        Libcrypto found = new Libcrypto(SharedLibrary.open(name), algorithm);
        if (found.init.isThere() && found.update.isThere() && found.last.isThere()) {
          return found;
        }
      } catch (UnsatisfiedLinkError e) {
        missing.addSuppressed(e);
      }
    }
    throw missing;
  }

  /** Makes {@link #STATE_SIZE} bytes at this address a state of nothing so far. */
  void init(long state) {
    check(init.call(state));
  }

  /** Takes {@code length} bytes at an address. */
  void update(long state, long address, long length) {
    check(update.call(state, address, length));
  }

  /** Puts the digest at an address, and wipes the state. */
  void end(long state, long address) {
    check(last.call(address, state));
  }

  private static void check(long result) {
    if ((int) result != 1) {
      throw new IllegalStateException("libcrypto fails to take a digest");
    }
  }
}
