package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An entry of a ring")
class RingEntryTest {
  private static final int OP_IN = 128; // of struct fuse_uring_req_header
  private static final int PAYLOAD_SIZE = 272;
  private static final int PAYLOAD = 4096;

  private RingEntry entry;
  private ByteBuffer bytes;

  @BeforeEach
  void make() throws ErrnoException {
    entry = new RingEntry(new RingQueue.Place(Posix.system(), 0, 0));
    bytes = entry.in.memory().bytes();
  }

  /** {@code struct fuse_in_header}, as the kernel leaves it, and how long the payload is. */
  private void header(int length, int opcode, int payload) {
    bytes.putInt(0, length).putInt(4, opcode).putLong(8, 77).putLong(16, 5);
    bytes.putInt(PAYLOAD_SIZE, payload);
  }

  @Test
  @DisplayName("joins a request's first argument and its payload")
  void joins() throws ErrnoException {
    header(40 + 40 + 3, Opcode.FUSE_WRITE, 3);
    bytes.putLong(OP_IN, 9).putInt(OP_IN + 16, 3); // fuse_write_in: fh, size
    bytes.put(PAYLOAD, new byte[] {1, 2, 3});
    assertTrue(entry.accept());
    assertEquals(Opcode.FUSE_WRITE, entry.in.opcode());
    assertEquals(77, entry.in.unique());
    assertEquals(5, entry.in.node());
    assertEquals(43, entry.in.bodyLength());
    assertEquals(9, entry.in.u64(0));
    assertEquals(PAYLOAD, entry.in.position(40));
  }

  @Test
  @DisplayName("takes a request that has a name and nothing else")
  void nameOnly() throws ErrnoException {
    header(40 + 3, Opcode.FUSE_LOOKUP, 3);
    bytes.put(PAYLOAD, new byte[] {'a', 'b', 0, 'x'});
    assertTrue(entry.accept());
    assertArrayEquals(new byte[] {'a', 'b'}, entry.in.name(0));
  }

  @ParameterizedTest(name = "length {0}, payload {1}")
  @DisplayName("refuses a request whose lengths contradict each other")
  @CsvSource({"39,0", "43,4", "169,0", "43,-1", "1048657,1048577", "-1,0"})
  void contradictions(int length, int payload) {
    header(length, Opcode.FUSE_READ, payload);
    assertFalse(entry.accept());
  }

  @Test
  @DisplayName("gives a reply's body as the payload, and leaves the request's header readable")
  void reply() {
    header(40 + 8, Opcode.FUSE_GETXATTR, 0);
    assertTrue(entry.accept());
    entry.out.begin();
    entry.out.u32(0x01020304);
    assertEquals(16 + 4, entry.out.finish(77, 0, 0));
    assertEquals(0x01020304, bytes.getInt(PAYLOAD));
    assertEquals(4, entry.out.bodyLength());
    assertEquals(Opcode.FUSE_GETXATTR, entry.in.opcode());
    assertEquals(16, entry.out.finish(77, 2, 0)); // an error has no body
    assertEquals(-2, bytes.getInt(4));
  }
}
