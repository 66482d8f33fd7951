package io.strata.fuse.kernel;

import static io.strata.fuse.kernel.ProtocolFixture.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of requests through /dev/fuse")
class RequestFaultsTest {
  private final ProtocolFixture protocol = new ProtocolFixture();

  @Test
  @DisplayName("what is unknown gets ENOSYS, what is too short EIO, whatever its length")
  void hostileLengths() {
    assertEquals(Errno.ENOSYS, protocol.failure(54, new byte[100]));
    assertEquals(Errno.ENOSYS, protocol.failure(-1, new byte[100]));
    assertEquals(Errno.ENOSYS, protocol.failure(Opcode.FUSE_POLL, new byte[100]));
    assertEquals(Errno.ENOSYS, protocol.failure(Opcode.FUSE_STATX, new byte[100]));
    assertEquals(Errno.ENOTTY, protocol.failure(Opcode.FUSE_IOCTL, new byte[100]));
    for (int opcode = 0; opcode < 64; opcode++) {
      for (int length = 0; length < 100; length++) {
        protocol.request(opcode, 1, "\1".repeat(length).getBytes(StandardCharsets.US_ASCII));
        try {
          protocol.dispatcher.serve(protocol.exchange);
        } catch (ErrnoException e) {
          assertTrue(e.errno() > 0);
        }
      }
    }
  }

  @Test
  @DisplayName("a name without an end or without a byte is EIO")
  void names() {
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_LOOKUP, new byte[0]));
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_LOOKUP, new byte[] {0}));
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_UNLINK, new byte[] {'a'}));
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_SYMLINK, new byte[] {'a', 0}));
  }

  @Test
  @DisplayName("counts and sizes that go beyond the request are EIO")
  void countsBeyond() {
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_BATCH_FORGET, bytes("ffffffff00000000")));
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_BATCH_FORGET, bytes("0100000000000000")));
    byte[] write = new byte[48]; // struct fuse_write_in and 8 bytes of data
    write[16] = 9; // size
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_WRITE, write));
    write[19] = (byte) 0x80; // size 2^31 and more
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_WRITE, write));
    byte[] read = bytes(ProtocolFixture.BODY_OF_READ);
    read[19] = 1; // size 16 MiB and more
    assertEquals(Errno.EINVAL, protocol.failure(Opcode.FUSE_READ, read));
    byte[] value = bytes("ffffffff 00000000 00000000 00000000 6100 7878"); // size, flags, name a
    assertEquals(Errno.EIO, protocol.failure(Opcode.FUSE_SETXATTR, value));
  }

  @Test
  @DisplayName("an open on what is read-only is ENOSYS, so that none comes again")
  void readOnly() {
    Dispatcher readOnly = protocol.dispatcher(0, true);
    for (int opcode : new int[] {Opcode.FUSE_OPEN, Opcode.FUSE_OPENDIR, Opcode.FUSE_FLUSH}) {
      protocol.request(opcode, 1, new byte[24]);
      ErrnoException e =
          assertThrows(ErrnoException.class, () -> readOnly.serve(protocol.exchange));
      assertEquals(Errno.ENOSYS, e.errno());
    }
  }
}
