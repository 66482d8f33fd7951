package io.strata.fuse.kernel;

import static io.strata.fuse.kernel.ProtocolFixture.bytes;
import static io.strata.fuse.kernel.ProtocolFixture.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.fuse.StatFs;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The protocol of /dev/fuse, byte by byte")
class ProtocolTest {
  private final ProtocolFixture protocol = new ProtocolFixture();

  private static Attributes fill(Attributes attributes) {
    attributes.inode = 0x0102030405060708L;
    attributes.size = 1000;
    attributes.blocks = 2;
    attributes.accessSeconds = -1;
    attributes.modifySeconds = 2;
    attributes.changeSeconds = 3;
    attributes.accessNanos = 4;
    attributes.modifyNanos = 5;
    attributes.changeNanos = 999_999_999;
    attributes.mode = Stat.S_IFREG | 0644;
    attributes.linkCount = 1;
    attributes.uid = 1000;
    attributes.gid = 100;
    attributes.device = Stat.makeDevice(8, 300);
    attributes.blockSize = 4096;
    attributes.lifetime = 1_500_000_000L;
    return attributes;
  }

  private static final String ATTR =
      """
      0807060504030201 # ino
      e803000000000000 # size
      0200000000000000 # blocks
      ffffffffffffffff # atime, a second before 1970
      0200000000000000 # mtime
      0300000000000000 # ctime
      04000000         # atimensec
      05000000         # mtimensec
      ffc99a3b         # ctimensec
      a4810000         # mode 0100644
      01000000         # nlink
      e8030000         # uid
      64000000         # gid
      2c081000         # rdev: major 8, minor 300
      00100000         # blksize
      00000000         # flags
      """;

  private static final String ENTRY =
      """
      4d00000000000000 # nodeid 77
      0600000000000000 # generation 6
      1700000000000000 # entry_valid 23 s
      0100000000000000 # attr_valid 1 s
      15cd5b07         # entry_valid_nsec 123456789
      0065cd1d         # attr_valid_nsec 500000000
      """
          + ATTR;

  private static Entry entry() {
    Entry entry = new Entry();
    entry.node = 77;
    entry.generation = 6;
    entry.lifetime = 23_123_456_789L;
    fill(entry.attributes);
    return entry;
  }

  @Test
  @DisplayName("fuse_in_header says who asks")
  void header() {
    protocol.request(Opcode.FUSE_READ, 99, bytes(ProtocolFixture.BODY_OF_READ));
    assertEquals(15, protocol.exchange.in.opcode());
    assertEquals(10, protocol.exchange.unique());
    assertEquals(99, protocol.exchange.in.node());
    assertEquals(1000, protocol.exchange.uid());
    assertEquals(100, protocol.exchange.gid());
    assertEquals(12345, protocol.exchange.pid());
    assertFalse(protocol.exchange.in.accept(39));
    assertFalse(protocol.exchange.in.accept(79)); // the header says 80
  }

  @Test
  @DisplayName("fuse_entry_out, fuse_attr_out, fuse_open_out and fuse_statfs_out")
  void replies() {
    protocol.request(Opcode.FUSE_LOOKUP, 1, new byte[0]);
    protocol.exchange.out.entry(entry());
    protocol.exchange.out.attributes(fill(new Attributes()));
    Opened opened = new Opened();
    opened.handle = 0x1122334455667788L;
    protocol.exchange.out.opened(opened, 3, 9);
    StatFs numbers = new StatFs();
    numbers.blocks = 1;
    numbers.freeBlocks = 2;
    numbers.availableBlocks = 3;
    numbers.files = 4;
    numbers.freeFiles = 5;
    numbers.blockSize = 6;
    numbers.nameLength = 255;
    numbers.fragmentSize = 8;
    protocol.exchange.out.statFs(numbers);
    String expected =
        """
        58010000         # len 16 + 128 + 104 + 16 + 80
        00000000         # error
        0a00000000000000 # unique
        """
            + ENTRY
            + """
            0100000000000000 # attr_valid 1 s
            0065cd1d         # attr_valid_nsec
            00000000         # dummy
            """
            + ATTR
            + """
            8877665544332211 # fh
            03000000         # open_flags
            09000000         # backing_id
            0100000000000000 # blocks
            0200000000000000 # bfree
            0300000000000000 # bavail
            0400000000000000 # files
            0500000000000000 # ffree
            06000000         # bsize
            ff000000         # namelen
            08000000         # frsize
            00000000         # padding
            000000000000000000000000000000000000000000000000 # spare
            """;
    assertEquals(hex(bytes(expected)), protocol.sent(0));
    assertEquals("10000000" + "feffffff" + "0a00000000000000", protocol.sent(Errno.ENOENT));
  }

  @Test
  @DisplayName("fuse_statx_out, with a time of birth and without")
  void statx() {
    Attributes attributes = fill(new Attributes());
    protocol.request(Opcode.FUSE_STATX, 1, new byte[0]);
    protocol.exchange.out.statx(attributes);
    attributes.birthSeconds = 6;
    attributes.birthNanos = 7;
    attributes.born = true;
    protocol.exchange.out.statx(attributes);
    String expected =
        """
        50020000         # len 16 + 288 + 288
        00000000         # error
        0a00000000000000 # unique
        """
            + STATX.formatted("ff070000", "0000000000000000", "00000000")
            + STATX.formatted("ff0f0000", "0600000000000000", "07000000");
    assertEquals(hex(bytes(expected)), protocol.sent(0));
  }

  private static final String STATX =
      """
      0100000000000000 # attr_valid 1 s
      0065cd1d         # attr_valid_nsec
      00000000         # flags
      00000000000000000000000000000000 # spare
      %s               # mask
      00100000         # blksize
      0000000000000000 # attributes
      01000000         # nlink
      e8030000         # uid
      64000000         # gid
      a4810000         # mode 0100644, spare
      0807060504030201 # ino
      e803000000000000 # size
      0200000000000000 # blocks
      0000000000000000 # attributes_mask
      ffffffffffffffff0400000000000000 # atime
      %s%s00000000     # btime
      0300000000000000ffc99a3b00000000 # ctime
      02000000000000000500000000000000 # mtime
      080000002c010000 # rdev: major 8, minor 300
      0000000000000000 # dev
      """
          + "00".repeat(112) // spare
          + "\n";

  @Test
  @DisplayName("fuse_direntplus and fuse_dirent are padded to 8 bytes and stop when full")
  void directoryEntries() {
    byte[] name = "xnamex".getBytes(StandardCharsets.US_ASCII);
    protocol.request(Opcode.FUSE_READDIRPLUS, 1, new byte[0]);
    protocol.exchange.directory.begin(true, 3 * 160);
    assertTrue(protocol.exchange.directory.plus());
    assertTrue(protocol.exchange.directory.isEmpty());
    assertTrue(protocol.exchange.directory.add(name, 1, 4, entry(), 0x55));
    assertTrue(protocol.exchange.directory.add(name, 0, 1, 12, Stat.S_IFDIR | 0755, 2));
    assertTrue(protocol.exchange.directory.add(name, 0, 1, 12, Stat.S_IFDIR | 0755, 3));
    assertFalse(protocol.exchange.directory.add(name, 0, 1, entry(), 4));
    assertFalse(protocol.exchange.directory.add(name, 0, 0, entry(), 4)); // full stays full
    String dot =
        "00".repeat(128) // an entry that is no lookup
            + "0c00000000000000" // ino
            + "0%d00000000000000" // off
            + "01000000" // namelen
            + "04000000" // type DT_DIR
            + "7800000000000000"; // name and padding
    String expected =
        hex(bytes(ENTRY))
            + "0807060504030201" // ino
            + "5500000000000000" // off
            + "04000000" // namelen
            + "08000000" // type DT_REG
            + "6e616d6500000000" // name and padding
            + dot.formatted(2)
            + dot.formatted(3);
    assertEquals(expected, protocol.sent(0).substring(32));

    protocol.request(Opcode.FUSE_READDIR, 1, new byte[0]);
    protocol.exchange.directory.begin(false, 63);
    assertTrue(protocol.exchange.directory.add(name, 1, 4, 9, Stat.S_IFLNK, 0x55));
    assertFalse(protocol.exchange.directory.add(name, 1, 4, 9, Stat.S_IFLNK, 0x56));
    assertEquals(
        "0900000000000000" + "5500000000000000" + "04000000" + "0a000000" + "6e616d6500000000",
        protocol.sent(0).substring(32));
  }

  @Test
  @DisplayName("a name that is not there is an entry with node 0 that may be remembered")
  void negativeEntry() throws ErrnoException {
    protocol.request(Opcode.FUSE_LOOKUP, 1, "absent\0".getBytes(StandardCharsets.US_ASCII));
    String sent = protocol.reply();
    assertEquals(2 * (16 + 128), sent.length());
    assertEquals("0".repeat(16), sent.substring(32, 48));
    assertFalse(sent.startsWith("0".repeat(16), 64)); // entry_valid
  }

  @Test
  @DisplayName("fuse_setattr_in: each field where it belongs")
  void setAttributes() throws ErrnoException {
    String body =
        """
        ff070000         # valid
        00000000         # padding
        0200000000000000 # fh
        0300000000000000 # size
        0400000000000000 # lock_owner
        0500000000000000 # atime
        0600000000000000 # mtime
        0700000000000000 # ctime
        08000000         # atimensec
        09000000         # mtimensec
        0a000000         # ctimensec
        0b000000         # mode
        0c000000         # unused4
        0d000000         # uid
        0e000000         # gid
        0f000000         # unused5
        """;
    protocol.request(Opcode.FUSE_SETATTR, 1, bytes(body));
    protocol.reply();
    var change = protocol.exchange.change;
    assertEquals(0x7ff, change.valid);
    assertEquals(2, change.handle);
    assertEquals(3, change.size);
    assertEquals(5, change.accessSeconds);
    assertEquals(6, change.modifySeconds);
    assertEquals(7, change.changeSeconds);
    assertEquals(8, change.accessNanos);
    assertEquals(9, change.modifyNanos);
    assertEquals(10, change.changeNanos);
    assertEquals(11, change.mode);
    assertEquals(13, change.uid);
    assertEquals(14, change.gid);
  }
}
