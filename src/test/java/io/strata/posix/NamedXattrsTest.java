package io.strata.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes of names in a directory are those that the way through /proc shows. */
class NamedXattrsTest {
  private static final byte[] FILE = bytes("file");
  private static final byte[] NAME = bytes("user.colour");

  @TempDir Path directory;
  private final Posix posix = Posix.system();
  private final NamedXattrs named = posix.namedXattrs();
  private final NativeBuffer value = NativeBuffer.allocate(100);
  private int at;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @BeforeEach
  void open() throws Exception {
    Files.createFile(directory.resolve("file"));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    byte[] path = bytes(directory.toString());
    at = posix.names().open(NameCalls.AT_FDCWD, path, NameCalls.O_PATH, 0);
  }

  @AfterEach
  void close() {
    posix.files().close(at);
  }

  private void set(String text, int flags) throws ErrnoException {
    byte[] content = bytes(text);
    value.bytes().put(0, content);
    named.set(at, FILE, NAME, value.address(), content.length, flags);
  }

  private String text(int length) {
    byte[] content = new byte[length];
    value.bytes().get(0, content);
    return new String(content, StandardCharsets.UTF_8);
  }

  private static void assertErrno(int errno, org.junit.jupiter.api.function.Executable call) {
    assertEquals(errno, assertThrows(ErrnoException.class, call).errno());
  }

  @Test
  void whatIsSetByNameIsSeenBothWays() throws Exception {
    set("green", 0);
    assertEquals("green", text(named.get(at, FILE, NAME, value.address(), value.capacity())));
    byte[] path = bytes(directory.resolve("file").toString());
    value.bytes().put(0, new byte[10]);
    int length = posix.xattrs().get(path, false, NAME, value.address(), value.capacity());
    assertEquals("green", text(length));
    assertEquals("user.colour\0", text(named.list(at, FILE, value.address(), value.capacity())));
  }

  @Test
  void flagsAndErrorsAreThoseOfTheSystem() throws Exception {
    assertErrno(Errno.ENODATA, () -> set("green", XattrCalls.XATTR_REPLACE));
    set("green", XattrCalls.XATTR_CREATE);
    assertErrno(Errno.EEXIST, () -> set("blue", XattrCalls.XATTR_CREATE));
    assertErrno(Errno.ERANGE, () -> named.get(at, FILE, NAME, value.address(), 2));
    assertEquals(5, named.get(at, FILE, NAME, 0, 0));
    named.remove(at, FILE, NAME);
    assertErrno(Errno.ENODATA, () -> named.remove(at, FILE, NAME));
    assertErrno(Errno.ENODATA, () -> named.get(at, FILE, NAME, value.address(), 100));
    assertErrno(Errno.ENOENT, () -> named.get(at, bytes("none"), NAME, value.address(), 100));
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    set("green", 0);
    assertErrno(Errno.ENODATA, () -> named.get(at, bytes("link"), NAME, value.address(), 100));
    assertEquals(0, named.list(at, bytes("link"), value.address(), value.capacity()));
  }
}
