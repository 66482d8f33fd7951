package io.strata.mount;

import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.ProcessCalls.Inheritance;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;

/**
 * A server's process as the command sees it that started it: a pipe to it, a pipe from it. Not
 * {@link ProcessBuilder}'s, whose thread that waits for the child holds up the end of this process
 * for 0.3 seconds.
 *
 * <p>Used by one thread.
 */
final class ServerProcess {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int BUFFER_SIZE = 4096;

  private final Posix posix;
  private final int pid;
  private final int output;
  private int input; // -1 once closed

  private ServerProcess(Posix posix, int pid, int input, int output) {
    this.posix = posix;
    this.pid = pid;
    this.input = input;
    this.output = output;
  }

  /** Starts it, with this process's environment and error stream. */
  static ServerProcess launch(Posix posix, List<String> command) throws ErrnoException {
    FileCalls files = posix.files();
    int[] in = files.pipe(NameCalls.O_CLOEXEC);
    try {
      int[] out = files.pipe(NameCalls.O_CLOEXEC);
      try {
        Map<Integer, Integer> descriptors = Map.of(in[0], STDIN, out[1], STDOUT);
        int pid =
            posix
                .processes()
                .spawn(command, System.getenv(), descriptors, Inheritance.STANDARD_ONLY);
        return new ServerProcess(posix, pid, in[1], out[0]);
      } catch (ErrnoException e) {
        files.close(out[0]);
        throw e;
      } finally {
        files.close(out[1]);
      }
    } catch (ErrnoException e) {
      files.close(in[1]);
      throw e;
    } finally {
      files.close(in[0]);
    }
  }

  /** Sends all it is to read. */
  void send(byte[] bytes) throws ErrnoException {
    NativeBuffer buffer = NativeBuffer.allocate(bytes.length);
    buffer.bytes().put(0, bytes);
    try {
      int sent = 0;
      while (sent < bytes.length) {
        sent += posix.files().write(input, buffer.address() + sent, bytes.length - sent);
      }
    } finally {
      hangUp();
    }
  }

  /** Ends its input. */
  void hangUp() {
    if (input >= 0) {
      posix.files().close(input);
      input = -1;
    }
  }

  /** Waits for the end of its output; gives all of it. To be called once. */
  byte[] receive() throws ErrnoException {
    NativeBuffer buffer = NativeBuffer.allocate(BUFFER_SIZE);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[BUFFER_SIZE];
    try {
      while (true) {
        int got = posix.files().read(output, buffer.address(), BUFFER_SIZE);
        if (got == 0) {
          return all.toByteArray();
        }
        buffer.bytes().get(0, piece, 0, got);
        all.write(piece, 0, got);
      }
    } finally {
      posix.files().close(output);
    }
  }

  /** Waits for its end; gives its exit code. */
  int awaitEnd() throws ErrnoException {
    return posix.processes().waitFor(pid);
  }
}
