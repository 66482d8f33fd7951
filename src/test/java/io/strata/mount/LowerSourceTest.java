package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A lower layer on the command line")
class LowerSourceTest {
  @TempDir Path temp;

  private static LowerSource parse(String text) {
    return LowerSource.parse(text, Path::toAbsolutePath);
  }

  @Test
  @DisplayName("may say where in its file the image begins")
  void offset() {
    assertEquals(
        new LowerSource(Path.of("/a,b"), OptionalLong.of(4096)), parse("/a,b,offset=4096"));
    assertEquals(new LowerSource(Path.of("/a"), OptionalLong.empty()), parse("/a"));
  }

  @ParameterizedTest
  @DisplayName("is a name where it does not end in an offset")
  @ValueSource(
      strings = {"/a,offset=", "/a,offset=x", "/a,offset=-1", "/offset=1", "/a,offset=1,b"})
  void noOffset(String text) {
    assertEquals(new LowerSource(Path.of(text), OptionalLong.empty()), parse(text));
  }

  @Test
  @DisplayName("is the file that is called so, if there is one")
  void literal() throws IOException {
    Path file = Files.createFile(temp.resolve("a,offset=1"));
    assertEquals(new LowerSource(file, OptionalLong.empty()), parse(file.toString()));
  }

  @ParameterizedTest
  @DisplayName("survives being written into a plan")
  @ValueSource(strings = {"/a", "/1 2/b", "/a,b,offset=17"})
  void plan(String text) {
    LowerSource source = parse(text);
    assertEquals(source, LowerSource.read(source.format()));
    LowerSource data = source.withDataOnly();
    assertEquals(data, LowerSource.read(data.format()));
  }
}
