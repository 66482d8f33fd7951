package io.strata.natives;

import com.kenai.jffi.Library;
import org.jspecify.annotations.Nullable;

/** A native library that is loaded into this process, and stays so. Immutable. */
public final class SharedLibrary {
  private final Library library;

  private SharedLibrary(Library library) {
    this.library = library;
  }

  /** What the program itself is linked with: libc. */
  public static SharedLibrary ofProcess() {
    return new SharedLibrary(Library.getDefault());
  }

  /**
   * Loads a library.
   *
   * @param name its file, as {@code "liblzo2.so.2"}, found as dlopen(3) does
   * @throws UnsatisfiedLinkError if it is not on this system, with what dlopen has to say
   */
  public static SharedLibrary open(String name) {
    @Nullable Library library = Library.openLibrary(name, Library.NOW | Library.LOCAL);
    if (library == null) {
      throw new UnsatisfiedLinkError(Library.getLastError());
    }
    return new SharedLibrary(library);
  }

  /** The function of that name; where there is none, one that can't be called. */
  public NativeFunction function(String name) {
    return new NativeFunction(name, library.getSymbolAddress(name));
  }
}
