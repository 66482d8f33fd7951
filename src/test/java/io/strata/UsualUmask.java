package io.strata;

import io.strata.posix.Posix;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets each class of tests begin with the usual umask: a union that is served by the tests' own
 * process sets that to 0, and leaves it so. Found by JUnit through META-INF/services.
 */
public final class UsualUmask implements BeforeAllCallback {
  private static final int USUAL = 022;

  @Override
  public void beforeAll(ExtensionContext context) {
    Posix.system().processes().umask(USUAL);
  }
}
