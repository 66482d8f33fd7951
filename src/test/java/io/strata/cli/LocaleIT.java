package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.cli.Launcher.Result;
import io.strata.squashfs.ImageTools;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The program in a locale that knows ASCII only")
class LocaleIT {
  /** An umlaut in UTF-8. */
  private static final String NAME = "name=$(printf '\\303\\244')";

  @TempDir Path scratch;

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"-u LC_ALL -u LC_CTYPE -u LANG", "LC_ALL=C"})
  @DisplayName("takes names of files that are not ASCII all the same")
  void names(String environment) throws Exception {
    ImageTools.needs("mksquashfs");
    String program = Path.of("scripts/strata").toAbsolutePath().toString();
    String publish = program + " publish $name/tree --repo r --version 1-$name --to $name/mirror";
    Result done =
        new Launcher(scratch)
            .shell(scratch, NAME + "; mkdir -p $name/tree; env " + environment + " " + publish);
    assertEquals(0, done.exitCode(), done.err());
    assertEquals("r-1-\u00e4.sqfs\nr-1-\u00e4.sqfs.blocks\n", done.out());
  }
}
