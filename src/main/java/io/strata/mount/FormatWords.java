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
 * @param userXattrs {@code userxattr}
 */
public record FormatWords(
    Optional<String> redirectDir, Optional<Boolean> metacopy, boolean userXattrs) {
  /**
   * As overlayfs: a file without data that is moved needs a redirect. Where those are followed
   * only, such files are read, and none are made.
   */
  void check() throws MountException {
    boolean follows = redirect() == RedirectDir.ON || redirectDir.equals(Optional.of("follow"));
    if (metacopy.orElse(false) && !follows) {
      throw new MountException(
          Kind.USAGE,
          "-o metacopy=on: not with "
              + redirectDir.map(value -> "redirect_dir=" + value).orElse("userxattr")
              + "; leave out one of the two");
    }
  }

  void format(OptionList list) {
    redirectDir.ifPresent(value -> list.add("redirect_dir=" + value));
    metacopy.ifPresent(value -> list.add("metacopy=" + (value ? "on" : "off")));
    list.addIf(userXattrs, "userxattr");
  }

  /** What it says. */
  UpperFeatures features() {
    boolean redirects = redirect() == RedirectDir.ON;
    UpperFeatures features = new UpperFeatures(redirect(), redirects && metacopy.orElse(true));
    UpperFeatures every =
        redirects && metacopy.orElse(false) ? features.withEveryMetacopy() : features;
    return userXattrs ? every.withUserXattrs() : every;
  }

  // With userxattr kernel overlayfs makes no redirects, since anybody could.
  private RedirectDir redirect() {
    return switch (redirectDir.orElse(userXattrs ? "off" : "on")) {
      case "on" -> RedirectDir.ON;
      case "nofollow" -> RedirectDir.NOFOLLOW;
      default -> RedirectDir.FOLLOW;
    };
  }
}
