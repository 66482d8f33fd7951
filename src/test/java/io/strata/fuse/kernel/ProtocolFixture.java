package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Counters;
import io.strata.fuse.Features;
import io.strata.fuse.MemoryFileSystem;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.util.HexFormat;

/** One exchange with a dispatcher over a tree in memory, as bytes. */
final class ProtocolFixture {
  static final String BODY_OF_READ =
      """
      0700000000000000 # fh
      0010000000000000 # offset 4096
      00000200         # size 128 KiB
      00000000         # read_flags
      0000000000000000 # lock_owner
      00000000         # flags
      00000000         # padding
      """;

  final MemoryFileSystem tree =
      new MemoryFileSystem(new Features(false, false, false, false, false));
  final Interrupts interrupts = new Interrupts();
  final Exchange exchange = new Exchange(Cover.NONE, new Counters(false));
  final Dispatcher dispatcher = dispatcher(InitFlags.FUSE_SETXATTR_EXT, false);

  Dispatcher dispatcher(long flags, boolean readOnly) {
    Agreement agreement = new Agreement(45, 0, flags, readOnly);
    BackingFiles backing = new BackingFiles(Posix.system().files(), -1, false);
    return new Dispatcher(tree, agreement, backing, interrupts);
  }

  /** Hexadecimal digits, with spaces and comments from # to the end of the line. */
  static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text.replaceAll("#.*", "").replaceAll("\\s", ""));
  }

  static String hex(byte[] name) {
    return HexFormat.of().formatHex(name);
  }

  /** Puts a request with {@code body} into the buffer. */
  void request(int opcode, long node, byte[] body) {
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
  String reply() throws ErrnoException {
    assertTrue(dispatcher.serve(exchange));
    return sent(0);
  }

  /** The reply as it is now, in hexadecimal. */
  String sent(int errno) {
    byte[] reply = new byte[exchange.out.finish(exchange.unique(), errno)];
    exchange.out.memory().bytes().get(0, reply);
    return hex(reply);
  }

  /** The errno of a request for the root. */
  int failure(int opcode, byte[] body) {
    request(opcode, 1, body);
    return assertThrows(ErrnoException.class, () -> dispatcher.serve(exchange)).errno();
  }
}
