package io.strata.mount;

import io.strata.mount.MountException.Kind;
import io.strata.union.UpperFeatures;
import io.strata.union.UpperFeatures.RedirectDir;
import java.util.Optional;

/**
 * What {@code -o} says of how the upper is written, in overlayfs's words. Immutable.
 *
 * @param redirectDir {@code redirect_dir=on|off|follow|nofollow}
 * @param metacopy {@code metacopy=on|off}
 */
public record FormatWords(Optional<String> redirectDir, Optional<Boolean> metacopy) {
  /** As overlayfs: a file without data that is moved needs a redirect. */
  void check() throws MountException {
    if (metacopy.orElse(false) && redirect() != RedirectDir.ON) {
      throw new MountException(
          Kind.USAGE,
          "-o metacopy=on: not with redirect_dir="
              + redirectDir.orElseThrow()
              + "; leave out one of the two");
    }
  }

  void format(OptionList list) {
    redirectDir.ifPresent(value -> list.add("redirect_dir=" + value));
    metacopy.ifPresent(value -> list.add("metacopy=" + (value ? "on" : "off")));
  }

  /** What it says. */
  UpperFeatures features() {
    return new UpperFeatures(redirect(), metacopy.orElse(redirect() == RedirectDir.ON));
  }

  private RedirectDir redirect() {
    return switch (redirectDir.orElse("on")) {
      case "on" -> RedirectDir.ON;
      case "nofollow" -> RedirectDir.NOFOLLOW;
      default -> RedirectDir.FOLLOW;
    };
  }
}
