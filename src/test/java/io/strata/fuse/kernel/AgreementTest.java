package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Features;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is agreed when a mount begins")
class AgreementTest {
  private static final Features ALL = new Features(false, true, true, true, true);

  private static InitRequest read(String hex) throws ErrnoException {
    byte[] body = HexFormat.of().parseHex(hex.replaceAll("#.*", "").replaceAll("\\s", ""));
    RequestBuffer in = new RequestBuffer(NativeBuffer.allocate(40 + body.length));
    in.memory().bytes().putInt(0, 40 + body.length).put(40, body);
    assertTrue(in.accept(40 + body.length));
    return InitRequest.read(in);
  }

  private static InitRequest offer(int minor, long flags) {
    return new InitRequest(7, minor, 131072, flags);
  }

  @Test
  @DisplayName("fuse_init_in is read with flags2, without them, and not when cut short")
  void reads() throws ErrnoException {
    String head =
        """
        07000000 # major
        2d000000 # minor 45
        00000200 # max_readahead 128 KiB
        """;
    String flags = "fbffff73 # flags, FUSE_INIT_EXT among them\n";
    String rest = "fd030000 # flags2\n" + "00".repeat(44);
    assertEquals(new InitRequest(7, 45, 131072, 0x3fd_73ff_fffbL), read(head + flags + rest));
    assertEquals(new InitRequest(7, 45, 131072, 0x33ff_fffbL), read(head + "fbffff33"));
    assertEquals(Errno.EIO, assertThrows(ErrnoException.class, () -> read(head)).errno());
    ErrnoException e = assertThrows(ErrnoException.class, () -> read(head + flags));
    assertEquals(Errno.EIO, e.errno());
    assertEquals(new InitRequest(8, 1, 0, 0), read("08000000 01000000"));
  }

  @Test
  @DisplayName("fuse_init_out has 64 bytes: versions, limits of 1 MiB, flags in two halves")
  void writes() {
    ReplyBuffer out = new ReplyBuffer(NativeBuffer.allocate(128));
    out.begin();
    long flags = InitFlags.FUSE_PASSTHROUGH | InitFlags.FUSE_INIT_EXT | InitFlags.FUSE_ASYNC_READ;
    new Agreement(40, 131072, flags, false).write(out);
    byte[] body = new byte[64];
    assertEquals(80, out.position());
    out.memory().bytes().get(16, body);
    String expected =
        "07000000" // major
            + "28000000" // minor 40
            + "00000200" // max_readahead
            + "01000040" // flags
            + "4000" // max_background 64
            + "3000" // congestion_threshold 48
            + "00001000" // max_write 1 MiB
            + "01000000" // time_gran 1 ns
            + "0001" // max_pages 256
            + "0000" // map_alignment
            + "20000000" // flags2
            + "01000000" // max_stack_depth
            + "00".repeat(24); // request_timeout, unused
    assertEquals(expected, HexFormat.of().formatHex(body));
  }

  @Test
  @DisplayName("nothing is taken that was not offered, nor a newer version than is known")
  void takesWhatIsOffered() {
    assertEquals(0, Agreement.of(offer(31, 0), ALL, true, false).flags());
    assertEquals(31, Agreement.of(offer(31, 0), ALL, true, false).minor());
    assertEquals(45, Agreement.of(offer(99, -1L), ALL, true, false).minor());
  }

  @Test
  @DisplayName("passthrough and the writeback cache exclude each other")
  void passthroughOrWriteback() {
    Agreement both = Agreement.of(offer(45, -1L), ALL, true, false);
    assertTrue(both.has(InitFlags.FUSE_PASSTHROUGH));
    assertFalse(both.has(InitFlags.FUSE_WRITEBACK_CACHE));
    Agreement unprivileged = Agreement.of(offer(45, -1L), ALL, false, false);
    assertFalse(unprivileged.has(InitFlags.FUSE_PASSTHROUGH));
    assertTrue(unprivileged.has(InitFlags.FUSE_WRITEBACK_CACHE));
    Agreement old = Agreement.of(offer(39, ~InitFlags.FUSE_PASSTHROUGH), ALL, true, false);
    assertTrue(old.has(InitFlags.FUSE_WRITEBACK_CACHE));
  }

  @Test
  @DisplayName("io_uring is taken where it is asked for and offered")
  void ring() {
    long offered = InitFlags.FUSE_OVER_IO_URING;
    assertTrue(Agreement.of(offer(45, -1L), ALL, true, true).has(offered));
    assertFalse(Agreement.of(offer(45, -1L), ALL, true, false).has(offered));
    assertFalse(Agreement.of(offer(45, ~offered), ALL, true, true).has(offered));
  }

  @Test
  @DisplayName("listings always bring attributes, and nothing is invalidated by guessing")
  void flags() {
    Agreement readOnly = Agreement.of(offer(45, -1L), Features.READ_ONLY, true, false);
    assertTrue(readOnly.has(InitFlags.FUSE_DO_READDIRPLUS));
    assertFalse(readOnly.has(InitFlags.FUSE_READDIRPLUS_AUTO));
    assertFalse(readOnly.has(InitFlags.FUSE_AUTO_INVAL_DATA));
    assertTrue(readOnly.has(InitFlags.FUSE_NO_OPEN_SUPPORT));
    assertTrue(readOnly.has(InitFlags.FUSE_NO_OPENDIR_SUPPORT));
    assertFalse(readOnly.has(InitFlags.FUSE_POSIX_ACL | InitFlags.FUSE_EXPORT_SUPPORT));
    assertFalse(readOnly.has(InitFlags.FUSE_OVER_IO_URING));
    assertFalse(readOnly.has(InitFlags.FUSE_POSIX_LOCKS | InitFlags.FUSE_FLOCK_LOCKS));
    Agreement all = Agreement.of(offer(45, -1L), ALL, true, false);
    assertTrue(all.has(InitFlags.FUSE_POSIX_ACL) && all.has(InitFlags.FUSE_DONT_MASK));
    assertTrue(all.has(InitFlags.FUSE_EXPORT_SUPPORT));
    assertFalse(all.has(InitFlags.FUSE_NO_OPEN_SUPPORT));
  }

  @Test
  @DisplayName("fusermount3's options escape commas and backslashes of the source")
  void optionString() {
    MountOptions options =
        MountOptions.readOnly(Path.of("/mnt"), "a,b\\c d")
            .with(Flag.NOEXEC, true)
            .with(Flag.ALLOW_OTHER, true);
    assertEquals(
        "ro,noexec,allow_other,default_permissions,max_read=1048576,subtype=strata,"
            + "fsname=a\\,b\\\\c d",
        FusermountMount.optionString(options));
    Path place = Path.of("/mnt");
    assertThrows(
        IllegalArgumentException.class, () -> MountOptions.writable(place, "x").withThreads(65));
  }

  @Test
  @DisplayName("CAP_SYS_ADMIN counts in the first user namespace only")
  void privileges() {
    assertTrue(Privileges.hasCapability(List.of("Name:\tx", "CapEff:\t000001ffffffffff")));
    assertTrue(Privileges.hasCapability(List.of("CapEff:\t0000000000200000")));
    assertFalse(Privileges.hasCapability(List.of("CapPrm:\t000001ffffffffff", "CapEff:\t0")));
    assertTrue(Privileges.isWholeMap("         0          0 4294967295\n"));
    assertFalse(Privileges.isWholeMap("         0       1000          1\n"));
  }
}
