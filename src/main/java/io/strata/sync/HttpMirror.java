package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A mirror on a web server. */
final class HttpMirror implements Mirror {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  private final HttpClient client;
  private final URI directory;
  private final Timeouts timeouts;

  HttpMirror(HttpClient client, URI directory, Timeouts timeouts) {
    this.client = client;
    this.directory = directory;
    this.timeouts = timeouts;
  }

  @Override
  public URI address(String fileName) {
    return Mirror.resolve(directory, fileName);
  }

  @Override
  public Body open(String fileName) throws SyncException {
    URI address = address(fileName);
    HttpResponse<InputStream> answer = send(address, "GET");
    if (answer.statusCode() != OK) {
      discard(answer);
      throw refused(address, answer.statusCode());
    }
    return new Body(answer.body(), length(answer));
  }

  @Override
  public OptionalLong length(String fileName) throws SyncException {
    URI address = address(fileName);
    HttpResponse<InputStream> answer = send(address, "HEAD");
    discard(answer);
    if (answer.statusCode() == NOT_FOUND || answer.statusCode() == GONE) {
      throw refused(address, answer.statusCode());
    }
    // A server that knows no HEAD may well answer GET.
    return answer.statusCode() == OK ? length(answer) : OptionalLong.empty();
  }

  private HttpResponse<InputStream> send(URI address, String method) throws SyncException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .timeout(timeouts.connect().plus(timeouts.answer()))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      return client.send(request, _ -> new HttpBody(timeouts.stall()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SyncException(Failure.DOWNLOAD, address + ": interrupted", e);
    } catch (IOException e) {
      throw new SyncException(Failure.DOWNLOAD, address + ": " + reason(e), e);
    }
  }

  private String reason(IOException e) {
    return switch (e) {
      case HttpConnectTimeoutException _ ->
          "no connection within " + timeouts.connect().toSeconds() + " s; is the mirror up?";
      case HttpTimeoutException _ ->
          "no answer within " + timeouts.answer().toSeconds() + " s; is the mirror up?";
      case ConnectException _ ->
          hasCause(e, UnknownHostException.class) || hasCause(e, UnresolvedAddressException.class)
              ? "there is no such host; check sync-uri and the network"
              : "cannot connect; is the mirror up?";
      case UnknownHostException _ -> "there is no such host; check sync-uri and the network";
      default -> "the connection failed: " + e.getMessage();
    };
  }

  private static boolean hasCause(@Nullable Throwable e, Class<? extends Throwable> type) {
    int depth = 0;
    for (Throwable cause = e; cause != null && depth < 10; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
      depth++;
    }
    return false;
  }

  private static SyncException refused(URI address, int status) {
    String what =
        switch (status) {
          case NOT_FOUND, GONE -> "there is no such file on the mirror";
          case 401, 403 -> "the mirror does not let us have it";
          default -> "the mirror cannot serve it now";
        };
    String wayOut = "; try again later, or check sync-uri";
    return new SyncException(
        Failure.DOWNLOAD, address + ": " + what + " (HTTP " + status + ")" + wayOut);
  }

  private static OptionalLong length(HttpResponse<?> answer) {
    try {
      OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
      return length.isPresent() && length.getAsLong() >= 0 ? length : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static void discard(HttpResponse<InputStream> answer) {
    try {
      answer.body().close();
    } catch (IOException e) {
      // Nothing was wanted of it.
      return;
    }
  }
}
