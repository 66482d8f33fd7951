package io.strata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The names of snapshots")
class SnapshotTest {

  @Test
  @DisplayName("are repository, dash, version")
  void names() throws Exception {
    Snapshot old = Snapshot.of("guru", "20260627");
    Snapshot newer = Snapshot.of("guru", "a b-c..d");
    assertEquals("guru-20260627.sqfs", old.imageName());
    assertEquals("guru-20260627-a b-c..d.sqdelta", old.deltaNameTo(newer));
    assertEquals("guru-current.sqfs", Snapshot.linkName("guru"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "/", "../x", "a\nb", "a\0b", "\u007f", "current"})
  @DisplayName("have no version that leads elsewhere, can't be printed or is the link's")
  void badVersions(String version) {
    assertThrows(StoreException.class, () -> Snapshot.of("guru", version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "-a", "a/b", "a:b", "a b", "\u00fc"})
  @DisplayName("have no repository that leads elsewhere or looks like an option")
  void badRepositories(String repository) {
    assertThrows(StoreException.class, () -> Snapshot.of(repository, "1"));
  }

  @Test
  @DisplayName("fit into NAME_MAX: 5 bytes of 'guru-', 5 of '.sqfs', 245 of version")
  void length() throws Exception {
    assertEquals(255, Snapshot.of("guru", "1".repeat(245)).imageName().length());
    assertThrows(StoreException.class, () -> Snapshot.of("guru", "1".repeat(246)));
  }

  @Test
  @DisplayName("are found again in a file name")
  void parsed() {
    assertEquals(
        Optional.of(new Snapshot("guru", "1-2")), Snapshot.ofImageName("guru", "guru-1-2.sqfs"));
    assertEquals(Optional.empty(), Snapshot.ofImageName("guru", "guru2-1.sqfs"));
    assertEquals(Optional.empty(), Snapshot.ofImageName("guru", "guru-.sqfs"));
    assertEquals(Optional.empty(), Snapshot.ofImageName("guru", "guru-current.sqfs"));
    assertEquals(Optional.empty(), Snapshot.ofImageName("guru", "guru-1.sqdelta"));
    assertEquals(Optional.empty(), Snapshot.ofImageName("guru", "sub/guru-1.sqfs"));
  }
}
