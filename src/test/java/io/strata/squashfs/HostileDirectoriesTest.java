package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image whose directories were made to break its readers")
@Timeout(300)
class HostileDirectoriesTest extends HostileImageFixture {
  @Test
  @DisplayName("by directories with two names is walked once, and the second names are EIO")
  void doubling() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    assertEquals(2 * 60 + 1, count(image, image.root()));
    assertEquals(2 * 60 + 1, count(image, image.root()), "the same a second time");
    assertThrows(CorruptImageException.class, () -> find(image, "b"));
    assertEquals(2, find(image, "a").inodeNumber());
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by directories that share their inode numbers is walked once")
  void doublingByNumber() throws IOException {
    SquashFsImage image = open(HostileImages.doublingByNumber());
    assertEquals(60 * 4 + 1, count(image, image.root()));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by a loop of three directories is walked once")
  void loop() throws IOException {
    SquashFsImage image = open(HostileImages.loop());
    assertEquals(2 + 1 + 1 + 2, count(image, image.root()));
    assertThrows(CorruptImageException.class, () -> find(image, "a/b/c/back"));
    assertThrows(CorruptImageException.class, () -> find(image, "a/b/c/root"));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("by more directories than are remembered is still walked once, or refused there")
  void manyDirectories() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    DirectoryCursor cursor = image.newDirectoryCursor().open(image.root(), 0);
    DirectoryPlaces places = new DirectoryPlaces(2);
    assertTrue(cursor.next());
    assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(1, cursor));
    assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(2, cursor));
    assertEquals(DirectoryPlaces.Answer.UNKNOWN, places.place(3, cursor));
    assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(2, cursor));
    assertTrue(cursor.next());
    assertEquals(DirectoryPlaces.Answer.WRONG, places.place(2, cursor));
  }

  @ParameterizedTest(name = "export table: {0}")
  @DisplayName("by a loop is walked once where its directories are more than are remembered too")
  @ValueSource(booleans = {true, false})
  void forgottenLoop(boolean export) throws IOException {
    SquashFsImage image = open(HostileImages.loopByNumber(export));
    EntryCheck check = image.newEntryCheck(1);
    DirectoryCursor a = cursor(image, image.root());
    check.check(a, image.inode(a.reference()));
    DirectoryCursor b = cursor(image, (DirectoryInode) image.inode(a.reference()));
    Inode inodeOfB = image.inode(b.reference());
    assertThrows(CorruptImageException.class, () -> check.check(b, inodeOfB));
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("with two names for a directory has it under neither, where none is remembered")
  void forgottenNames() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    EntryCheck check = image.newEntryCheck(0);
    DirectoryCursor cursor = cursor(image, image.root());
    Inode inode = image.inode(cursor.reference());
    assertThrows(CorruptImageException.class, () -> check.check(cursor, inode));
  }

  @Test
  @DisplayName("does not keep sound directories from being read that are not remembered")
  void forgotten() throws IOException {
    SquashFsImage image = open(HostileImages.deep(50));
    EntryCheck check = image.newEntryCheck(0);
    DirectoryInode directory = image.root();
    for (int level = 1; level < 50; level++) {
      DirectoryCursor cursor = cursor(image, directory);
      Inode below = image.inode(cursor.reference());
      check.check(cursor, below);
      directory = (DirectoryInode) below;
    }
    assertEquals(50, directory.inodeNumber());
  }

  @Test
  @DisplayName("remembers each of many directories")
  void places() throws IOException {
    SquashFsImage image = open(HostileImages.doubling());
    DirectoryCursor first = image.newDirectoryCursor().open(image.root(), 0);
    DirectoryCursor second = image.newDirectoryCursor().open(image.root(), 0);
    assertTrue(first.next() && second.next() && second.next());
    DirectoryPlaces places = new DirectoryPlaces(DirectoryPlaces.MAX);
    for (long i = 0; i < 100_000; i++) {
      assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(i * 32, first));
    }
    for (long i = 0; i < 100_000; i++) {
      assertEquals(DirectoryPlaces.Answer.WRONG, places.place(i * 32, second));
      assertEquals(DirectoryPlaces.Answer.RIGHT, places.place(i * 32, first));
    }
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("by a directory index that leads elsewhere finds each name all the same")
  @ValueSource(strings = {"other", "nowhere", "beyond", "inside", "names", "late", "order"})
  void index(String kind) throws IOException {
    SquashFsImage image = open(HostileImages.index(kind));
    DirectoryInode one = (DirectoryInode) find(image, "one");
    for (int i = 0; i < 1000; i += 9) {
      assertEquals(10 + 2 * i, find(image, "one/f%04d".formatted(i)).inodeNumber());
      assertEquals(11 + 2 * i, find(image, "two/f%04d".formatted(i)).inodeNumber());
    }
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("f0327x")));
    assertEquals(1000, count(image, one));
    CorruptImageException error =
        assertThrows(
            CorruptImageException.class, () -> image.newDirectoryCursor().verifyIndex(one));
    assertEquals("inode table", error.structure());
    assertGoodIsReadable(image);
  }

  @Test
  @DisplayName("with a right index is found by it, and resumed by it anywhere")
  void rightIndex() throws IOException {
    SquashFsImage image = open(HostileImages.index("right"));
    DirectoryInode one = (DirectoryInode) find(image, "one");
    DirectoryCursor cursor = image.newDirectoryCursor().open(one, 0);
    DirectoryCursor resumed = image.newDirectoryCursor();
    int number = 10;
    while (cursor.next()) {
      assertEquals(number, cursor.inodeNumber());
      assertEquals(cursor.reference(), image.lookup(one, ascii("f%04d".formatted(number / 2 - 5))));
      number += 2;
      boolean more = resumed.open(one, cursor.cookie()).next();
      assertTrue(more ? resumed.inodeNumber() == number : number == 2010);
    }
    assertEquals(2010, number);
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("f0327x")));
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("a")));
    assertEquals(SquashFsImage.NOT_FOUND, image.lookup(one, ascii("z")));
  }

  @Test
  @DisplayName("with an index over few long names is found by it, too")
  void smallIndex() throws IOException {
    SquashFsImage image = open(HostileImages.smallIndex());
    assertEquals(62, count(image, image.root()));
    for (int i = 0; i < 60; i++) {
      assertEquals(3, find(image, "large/%02d".formatted(i) + "n".repeat(198)).inodeNumber());
    }
  }

  @Test
  @DisplayName("by offsets that no listing gave lists nothing, or from an entry on")
  void cookies() throws IOException {
    SquashFsImage image = open(HostileImages.index("right"));
    DirectoryInode one = (DirectoryInode) find(image, "one");
    DirectoryCursor cursor = image.newDirectoryCursor();
    for (long cookie = -300; cookie < 70_000; cookie += 7) {
      cursor.open(one, cookie);
      long before = 0;
      while (cursor.next()) {
        assertTrue(cursor.inodeNumber() % 2 == 0 && cursor.inodeNumber() > before);
        before = cursor.inodeNumber();
      }
    }
  }
}
