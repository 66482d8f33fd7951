package io.strata.union;

/** The upper or work directory is in the hands of another mount. */
public final class UpperInUseException extends UnionException {
  private static final long serialVersionUID = 1L;

  UpperInUseException(String message) {
    super(message);
  }
}
