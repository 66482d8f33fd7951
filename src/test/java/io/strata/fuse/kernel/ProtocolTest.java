package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Attributes;
import io.strata.fuse.Counters;
import io.strata.fuse.Entry;
import io.strata.fuse.Features;
import io.strata.fuse.MemoryFileSystem;
import io.strata.fuse.Opened;
import io.strata.fuse.StatFs;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The protocol of /dev/fuse, byte by byte")
class ProtocolTest {
  private static final String BODY_OF_READ =
      """
      0700000000000000 # fh
      0010000000000000 # offset 4096
      00000200         # size 128 KiB
      00000000         # read_flags
      0000000000000000 # lock_owner
      00000000         # flags
      00000000         # padding
      """;

  private final MemoryFileSystem tree =
      new MemoryFileSystem(new Features(false, false, false, false, false));
  private final Interrupts interrupts = new Interrupts();
  private final Exchange exchange = new Exchange(Cover.NONE, new Counters(false));
  private final Dispatcher dispatcher = dispatcher(InitFlags.FUSE_SETXATTR_EXT, false);

  private Dispatcher dispatcher(long flags, boolean readOnly) {
    Agreement agreement = new Agreement(45, 0, flags, readOnly);
    BackingFiles backing = new BackingFiles(Posix.system().files(), -1, false);
    return new Dispatcher(tree, agreement, backing, interrupts);
  }

  /** Hexadecimal digits, with spaces and comments from # to the end of the line. */
  private static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
  }

  private static String hex(byte[] name) {
    return HexFormat.of().formatHex(name);
  }

  /** Puts a request with {@code body} into the buffer. */
  private void request(int opcode, long node, byte[] body) {
    byte[] header =
        bytes(
            """
            00000000         # len
            00000000         # opcode
            0a00000000000000 # unique 10
            0000000000000000 # nodeid
            e8030000         # uid 1000
            64000000         # gid 100
            39300000         # pid 12345
            0000             # total_extlen
            0000             # padding
            """);
    var memory = exchange.in.memory().bytes();
    memory.put(0, header).put(40, body);
    memory.putInt(0, 40 + body.length).putInt(4, opcode).putLong(16, node);
    assertTrue(exchange.in.accept(40 + body.length));
    exchange.begin();
  }

  /** Serves it; gives the whole reply in hexadecimal. */
  private String reply() throws ErrnoException {
    assertTrue(dispatcher.serve(exchange));
    return sent(0);
  }

  private String sent(int errno) {
    byte[] reply = new byte[exchange.out.finish(exchange.unique(), errno)];
    exchange.out.memory().bytes().get(0, reply);
    return hex(reply);
  }

  private int failure(int opcode, byte[] body) {
    request(opcode, 1, body);
    return assertThrows(ErrnoException.class, () -> dispatcher.serve(exchange)).errno();
  }

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
    request(Opcode.FUSE_READ, 99, bytes(BODY_OF_READ));
    assertEquals(15, exchange.in.opcode());
    assertEquals(10, exchange.unique());
    assertEquals(99, exchange.in.node());
    assertEquals(1000, exchange.uid());
    assertEquals(100, exchange.gid());
    assertEquals(12345, exchange.pid());
    assertFalse(exchange.in.accept(39));
    assertFalse(exchange.in.accept(79)); // the header says 80
  }

  @Test
  @DisplayName("fuse_entry_out, fuse_attr_out, fuse_open_out and fuse_statfs_out")
  void replies() {
    request(Opcode.FUSE_LOOKUP, 1, new byte[0]);
    exchange.out.entry(entry());
    exchange.out.attributes(fill(new Attributes()));
    Opened opened = new Opened();
    opened.handle = 0x1122334455667788L;
    exchange.out.opened(opened, 3, 9);
    StatFs numbers = new StatFs();
    numbers.blocks = 1;
    numbers.freeBlocks = 2;
    numbers.availableBlocks = 3;
    numbers.files = 4;
    numbers.freeFiles = 5;
    numbers.blockSize = 6;
    numbers.nameLength = 255;
    numbers.fragmentSize = 8;
    exchange.out.statFs(numbers);
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
    assertEquals(hex(bytes(expected)), sent(0));
    assertEquals("10000000" + "feffffff" + "0a00000000000000", sent(Errno.ENOENT));
  }

  @Test
  @DisplayName("fuse_statx_out, with a time of birth and without")
  void statx() {
    Attributes attributes = fill(new Attributes());
    request(Opcode.FUSE_STATX, 1, new byte[0]);
    exchange.out.statx(attributes);
    attributes.birthSeconds = 6;
    attributes.birthNanos = 7;
    attributes.born = true;
    exchange.out.statx(attributes);
    String expected =
        """
        50020000         # len 16 + 288 + 288
        00000000         # error
        0a00000000000000 # unique
        """
            + STATX.formatted("ff070000", "0000000000000000", "00000000")
            + STATX.formatted("ff0f0000", "0600000000000000", "07000000");
    assertEquals(hex(bytes(expected)), sent(0));
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
    request(Opcode.FUSE_READDIRPLUS, 1, new byte[0]);
    exchange.directory.begin(true, 3 * 160);
    assertTrue(exchange.directory.plus());
    assertTrue(exchange.directory.isEmpty());
    assertTrue(exchange.directory.add(name, 1, 4, entry(), 0x55));
    assertTrue(exchange.directory.add(name, 0, 1, 12, Stat.S_IFDIR | 0755, 2));
    assertTrue(exchange.directory.add(name, 0, 1, 12, Stat.S_IFDIR | 0755, 3));
    assertFalse(exchange.directory.add(name, 0, 1, entry(), 4));
    assertFalse(exchange.directory.add(name, 0, 0, entry(), 4)); // full stays full
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
    assertEquals(expected, sent(0).substring(32));

    request(Opcode.FUSE_READDIR, 1, new byte[0]);
    exchange.directory.begin(false, 63);
    assertTrue(exchange.directory.add(name, 1, 4, 9, Stat.S_IFLNK, 0x55));
    assertFalse(exchange.directory.add(name, 1, 4, 9, Stat.S_IFLNK, 0x56));
    assertEquals(
        "0900000000000000" + "5500000000000000" + "04000000" + "0a000000" + "6e616d6500000000",
        sent(0).substring(32));
  }

  @Test
  @DisplayName("a name that is not there is an entry with node 0 that may be remembered")
  void negativeEntry() throws ErrnoException {
    request(Opcode.FUSE_LOOKUP, 1, "absent\0".getBytes(StandardCharsets.US_ASCII));
    String sent = reply();
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
    request(Opcode.FUSE_SETATTR, 1, bytes(body));
    reply();
    var change = exchange.change;
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

  @Test
  @DisplayName("what is unknown gets ENOSYS, what is too short EIO, whatever its length")
  void hostileLengths() {
    assertEquals(Errno.ENOSYS, failure(54, new byte[100]));
    assertEquals(Errno.ENOSYS, failure(-1, new byte[100]));
    assertEquals(Errno.ENOSYS, failure(Opcode.FUSE_POLL, new byte[100]));
    assertEquals(Errno.ENOSYS, failure(Opcode.FUSE_STATX, new byte[100]));
    assertEquals(Errno.ENOTTY, failure(Opcode.FUSE_IOCTL, new byte[100]));
    for (int opcode = 0; opcode < 64; opcode++) {
      for (int length = 0; length < 100; length++) {
        request(opcode, 1, "\1".repeat(length).getBytes(StandardCharsets.US_ASCII));
        try {
          dispatcher.serve(exchange);
        } catch (ErrnoException e) {
          assertTrue(e.errno() > 0);
        }
      }
    }
  }

  @Test
  @DisplayName("a name without an end or without a byte is EIO")
  void names() {
    assertEquals(Errno.EIO, failure(Opcode.FUSE_LOOKUP, new byte[0]));
    assertEquals(Errno.EIO, failure(Opcode.FUSE_LOOKUP, new byte[] {0}));
    assertEquals(Errno.EIO, failure(Opcode.FUSE_UNLINK, new byte[] {'a'}));
    assertEquals(Errno.EIO, failure(Opcode.FUSE_SYMLINK, new byte[] {'a', 0}));
  }

  @Test
  @DisplayName("counts and sizes that go beyond the request are EIO")
  void countsBeyond() {
    assertEquals(Errno.EIO, failure(Opcode.FUSE_BATCH_FORGET, bytes("ffffffff00000000")));
    assertEquals(Errno.EIO, failure(Opcode.FUSE_BATCH_FORGET, bytes("0100000000000000")));
    byte[] write = new byte[48]; // struct fuse_write_in and 8 bytes of data
    write[16] = 9; // size
    assertEquals(Errno.EIO, failure(Opcode.FUSE_WRITE, write));
    write[19] = (byte) 0x80; // size 2^31 and more
    assertEquals(Errno.EIO, failure(Opcode.FUSE_WRITE, write));
    byte[] read = bytes(BODY_OF_READ);
    read[19] = 1; // size 16 MiB and more
    assertEquals(Errno.EINVAL, failure(Opcode.FUSE_READ, read));
    byte[] value = bytes("ffffffff 00000000 00000000 00000000 6100 7878"); // size, flags, name a
    assertEquals(Errno.EIO, failure(Opcode.FUSE_SETXATTR, value));
  }

  @Test
  @DisplayName("an open on what is read-only is ENOSYS, so that none comes again")
  void readOnly() {
    Dispatcher readOnly = dispatcher(0, true);
    for (int opcode : new int[] {Opcode.FUSE_OPEN, Opcode.FUSE_OPENDIR, Opcode.FUSE_FLUSH}) {
      request(opcode, 1, new byte[24]);
      ErrnoException e = assertThrows(ErrnoException.class, () -> readOnly.serve(exchange));
      assertEquals(Errno.ENOSYS, e.errno());
    }
  }

  @Test
  @DisplayName("INTERRUPT reaches its request, before and after that has begun, and no other")
  void interrupts() throws ErrnoException {
    interrupts.add(exchange);
    request(Opcode.FUSE_READ, 1, bytes(BODY_OF_READ));
    interrupts.begun(exchange);
    assertFalse(exchange.interrupted());
    interrupts.interrupt(12);
    assertFalse(exchange.interrupted());
    interrupts.interrupt(10);
    assertTrue(exchange.interrupted());
    Exchange later = new Exchange(Cover.NONE, new Counters(false));
    later.in.memory().bytes().putLong(8, 12);
    later.begin();
    assertFalse(later.interrupted());
    interrupts.begun(later);
    assertTrue(later.interrupted());
    request(Opcode.FUSE_INTERRUPT, 0, bytes("0e00000000000000"));
    assertFalse(dispatcher.serve(exchange)); // which gets no reply
  }

  @Test
  @DisplayName("FORGET and BATCH_FORGET get no reply, and count")
  void forgets() throws ErrnoException {
    tree.file("f", new byte[1]);
    for (int i = 0; i < 10; i++) {
      request(Opcode.FUSE_LOOKUP, 1, new byte[] {'f', 0});
      reply();
    }
    assertEquals(10, tree.lookups());
    request(Opcode.FUSE_FORGET, 2, bytes("0300000000000000"));
    assertFalse(dispatcher.serve(exchange));
    assertEquals(7, tree.lookups());
    String batch =
        """
        02000000         # count
        00000000         # dummy
        0200000000000000 # nodeid
        0400000000000000 # nlookup
        0200000000000000 # nodeid
        0100000000000000 # nlookup
        """;
    request(Opcode.FUSE_BATCH_FORGET, 0, bytes(batch));
    assertFalse(dispatcher.serve(exchange));
    assertEquals(2, tree.lookups());
  }

  @Test
  @DisplayName("what was given in a reply that did not arrive is taken back")
  void undelivered() throws ErrnoException {
    String body = "c2800000 b4810000 12000000 00000000 6600"; // flags, mode, umask, open_flags, f
    request(Opcode.FUSE_CREATE, 1, bytes(body));
    assertEquals(2 * (16 + 128 + 16), reply().length());
    assertEquals(1, tree.openings());
    assertEquals(1, tree.lookups());
    dispatcher.undelivered(exchange);
    assertEquals(0, tree.openings());
    assertEquals(0, tree.lookups());
  }
}
