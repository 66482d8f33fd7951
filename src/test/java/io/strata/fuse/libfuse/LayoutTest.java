package io.strata.fuse.libfuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Attributes;
import io.strata.fuse.Features;
import io.strata.fuse.MountOptions;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import ru.serce.jnrfuse.struct.FuseOperations;

@DisplayName("What goes to and from libfuse")
class LayoutTest {
  @Test
  @DisplayName("is a struct fuse_operations with its flags behind bmap and ioctl behind these")
  void operations() {
    FuseOperations layout = new FuseOperations(Runtime.getSystemRuntime());
    assertEquals(0, layout.getattr.offset());
    assertEquals(37 * 8, layout.bmap.offset());
    assertEquals(39 * 8, layout.ioctl.offset()); // 38 * 8: the flags and their padding
  }

  @Test
  @DisplayName("is a struct stat as the machine has it")
  void stat() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "offsets below are x86-64's");
    Attributes attributes = new Attributes();
    attributes.inode = 0x1122334455667788L;
    attributes.mode = 0100644;
    attributes.uid = 0xfffffffe;
    attributes.gid = 7;
    attributes.size = 5L << 32;
    attributes.blocks = 9;
    attributes.blockSize = 4096;
    attributes.modifySeconds = -1;
    attributes.modifyNanos = 999_999_999;
    NativeBuffer buffer = NativeBuffer.allocate(144); // sizeof(struct stat)
    new Structures(Runtime.getSystemRuntime()).writeStat(buffer.address(), attributes, 3);
    ByteBuffer bytes = buffer.bytes();
    assertEquals(0x1122334455667788L, bytes.getLong(8)); // st_ino
    assertEquals(3, bytes.getLong(16)); // st_nlink
    assertEquals(0100644, bytes.getInt(24)); // st_mode
    assertEquals(0xfffffffe, bytes.getInt(28)); // st_uid
    assertEquals(7, bytes.getInt(32)); // st_gid
    assertEquals(5L << 32, bytes.getLong(48)); // st_size
    assertEquals(4096, bytes.getLong(56)); // st_blksize
    assertEquals(9, bytes.getLong(64)); // st_blocks
    assertEquals(-1, bytes.getLong(88)); // st_mtim.tv_sec
    assertEquals(999_999_999, bytes.getLong(96)); // st_mtim.tv_nsec
  }

  @Test
  @DisplayName("is told to keep everything on a read-only mount, and no attributes on another")
  void options() {
    MountOptions options = MountOptions.readOnly(Path.of("/m"), "a,b\\c");
    String text = MountArguments.options(options, Features.READ_ONLY, false);
    assertTrue(text.contains(",fsname=a\\,b\\\\c,"), text);
    assertTrue(text.contains(",ro") && text.contains("attr_timeout=31536000"), text);
    assertFalse(text.contains("suid") || text.contains("dev,"), text);
    Features writable = new Features(false, false, false, false, false);
    text = MountArguments.options(MountOptions.writable(Path.of("/m"), "x"), writable, true);
    assertTrue(text.contains(",rw,suid,dev,") && text.contains("attr_timeout=0"), text);
  }

  @Test
  @DisplayName("splits paths into names, byte for byte")
  void paths() {
    byte[] path = "/a/\u00ff b/.c".getBytes(StandardCharsets.ISO_8859_1); // ff is not UTF-8
    PathNames names = PathNames.of(path);
    assertEquals(3, names.count());
    assertEquals((byte) 0xff, names.names().get(1)[0]);
    assertEquals(2, names.last().length);
    assertEquals(0, PathNames.of(new byte[] {'/'}).count());
  }

  @Test
  @DisplayName("tells libfuse's names for removed files by their form")
  void hiddenNames() {
    assertTrue(hidden(".fuse_hidden0000002a00000001"));
    assertFalse(hidden(".fuse_hidden0000002a0000000"));
    assertFalse(hidden(".fuse_hidden0000002a0000000g"));
    assertFalse(hidden("xfuse_hidden0000002a00000001"));
  }

  private static boolean hidden(String name) {
    return HiddenName.looksLikeOne(name.getBytes(StandardCharsets.US_ASCII));
  }
}
