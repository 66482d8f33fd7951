package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy that makes tunnels to this machine for those who know the password, and nothing else. */
final class TunnelProxy implements AutoCloseable {
  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final String authorization;

  /** {@code authorization} is the value that Proxy-Authorization must have. */
  TunnelProxy(String authorization) throws IOException {
    this.authorization = authorization;
    threads.execute(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** What was asked for so far: request lines and fields. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> handle(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void handle(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      heads.add(head);
      OutputStream out = client.getOutputStream();
      boolean known =
          head.lines()
              .map(line -> line.toLowerCase(Locale.ROOT))
              .anyMatch(("proxy-authorization: " + authorization).toLowerCase(Locale.ROOT)::equals);
      if (!known) {
        out.write(
            ("HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                    + "Content-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return;
      }
      String port = head.substring(head.indexOf(':') + 1, head.indexOf(" HTTP/"));
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
        out.write("HTTP/1.1 200 There\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        threads.execute(() -> pass(client, server));
        server.getInputStream().transferTo(out);
      }
    } catch (IOException e) {
      return; // somebody went
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      return; // somebody went
    }
  }

  // Byte by byte, for what comes behind it is the tunnel's.
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    String end = new String(END, StandardCharsets.US_ASCII);
    while (head.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("nothing was asked");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
