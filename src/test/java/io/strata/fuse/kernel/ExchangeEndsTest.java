package io.strata.fuse.kernel;

import static io.strata.fuse.kernel.ProtocolFixture.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Counters;
import io.strata.posix.ErrnoException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In the protocol of /dev/fuse")
class ExchangeEndsTest {
  private final ProtocolFixture protocol = new ProtocolFixture();

  @Test
  @DisplayName("INTERRUPT reaches its request, before and after that has begun, and no other")
  void interrupts() throws ErrnoException {
    protocol.interrupts.add(protocol.exchange);
    protocol.request(Opcode.FUSE_READ, 1, bytes(ProtocolFixture.BODY_OF_READ));
    protocol.interrupts.begun(protocol.exchange);
    assertFalse(protocol.exchange.interrupted());
    protocol.interrupts.interrupt(12);
    assertFalse(protocol.exchange.interrupted());
    protocol.interrupts.interrupt(10);
    assertTrue(protocol.exchange.interrupted());
    Exchange later = new Exchange(Cover.NONE, new Counters(false));
    later.in.memory().bytes().putLong(8, 12);
    later.begin();
    assertFalse(later.interrupted());
    protocol.interrupts.begun(later);
    assertTrue(later.interrupted());
    protocol.request(Opcode.FUSE_INTERRUPT, 0, bytes("0e00000000000000"));
    assertFalse(protocol.dispatcher.serve(protocol.exchange)); // which gets no reply
  }

  @Test
  @DisplayName("FORGET and BATCH_FORGET get no reply, and count")
  void forgets() throws ErrnoException {
    protocol.tree.file("f", new byte[1]);
    for (int i = 0; i < 10; i++) {
      protocol.request(Opcode.FUSE_LOOKUP, 1, new byte[] {'f', 0});
      protocol.reply();
    }
    assertEquals(10, protocol.tree.lookups());
    protocol.request(Opcode.FUSE_FORGET, 2, bytes("0300000000000000"));
    assertFalse(protocol.dispatcher.serve(protocol.exchange));
    assertEquals(7, protocol.tree.lookups());
    String batch =
        """
        02000000         # count
        00000000         # dummy
        0200000000000000 # nodeid
        0400000000000000 # nlookup
        0200000000000000 # nodeid
        0100000000000000 # nlookup
        """;
    protocol.request(Opcode.FUSE_BATCH_FORGET, 0, bytes(batch));
    assertFalse(protocol.dispatcher.serve(protocol.exchange));
    assertEquals(2, protocol.tree.lookups());
  }

  @Test
  @DisplayName("what was given in a reply that did not arrive is taken back")
  void undelivered() throws ErrnoException {
    String body = "c2800000 b4810000 12000000 00000000 6600"; // flags, mode, umask, open_flags, f
    protocol.request(Opcode.FUSE_CREATE, 1, bytes(body));
    assertEquals(2 * (16 + 128 + 16), protocol.reply().length());
    assertEquals(1, protocol.tree.openings());
    assertEquals(1, protocol.tree.lookups());
    protocol.dispatcher.undelivered(protocol.exchange);
    assertEquals(0, protocol.tree.openings());
    assertEquals(0, protocol.tree.lookups());
  }
}
