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
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends requests, and says in words what went wrong. Thread-safe. */
final class HttpRequests {
  /** What servers say that are busy, or behind something that is (RFC 9110, RFC 6585). */
  private static final Set<Integer> PASSING = Set.of(408, 421, 425, 429, 500, 502, 503, 504);

  private static final int MAX_REDIRECTS = 10;
  private static final String METHOD_HEAD = "HEAD";

  private final HttpClient client;
  private final Timeouts timeouts;
  private final Passwords passwords;

  HttpRequests(HttpClient client, Timeouts timeouts, Passwords passwords) {
    this.client = client;
    this.timeouts = timeouts;
    this.passwords = passwords;
  }

  HttpRequest.Builder get(URI address) {
    return builder(address).GET();
  }

  HttpRequest.Builder head(URI address) {
    return builder(address).method(METHOD_HEAD, HttpRequest.BodyPublishers.noBody());
  }

  private HttpRequest.Builder builder(URI address) {
    return HttpRequest.newBuilder(address)
        .timeout(timeouts.connect().plus(timeouts.answer()))
        .setHeader("Accept-Encoding", "identity");
  }

  /** The answer, whatever its status is; that of where the server sends us on to, if it does. */
  HttpAnswer send(HttpRequest.Builder builder) throws MirrorException {
    HttpRequest request = builder.build();
    HttpAnswer answer = once(passwords.put(request, request.uri()));
    for (int i = 0; i < MAX_REDIRECTS; i++) {
      Optional<URI> next = answer.redirect();
      if (next.isEmpty()) {
        return answer;
      }
      answer.discard();
      answer = once(passwords.put(request, next.get()));
    }
    return answer;
  }

  private HttpAnswer once(HttpRequest request) throws MirrorException {
    try {
      HttpResponse<InputStream> response =
          client.send(request, _ -> new HttpBody(timeouts.stall(), timeouts.slowest()));
      return new HttpAnswer(response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MirrorException(MirrorException.Kind.REFUSED, request.uri() + ": interrupted", e);
    } catch (IOException e) {
      throw new MirrorException(MirrorException.Kind.PASSING, request.uri() + ": " + reason(e), e);
    } catch (RuntimeException e) {
      // The client's way to refuse some answers, such as a length that is no number.
      throw new MirrorException(
          MirrorException.Kind.REFUSED,
          request.uri() + ": the answer makes no sense: " + e.getMessage() + "; use another mirror",
          e);
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
      default -> "the connection failed: " + e.getMessage() + "; try again later";
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

  /** The failure that an answer is, by its status. */
  static MirrorException refused(URI address, HttpAnswer answer) {
    int status = answer.status();
    String what =
        switch (status) {
          case HttpAnswer.NOT_FOUND, HttpAnswer.GONE -> "there is no such file on the mirror";
          case 401 -> "the mirror wants a name and a password; put them into sync-uri";
          case 403 -> "the mirror does not let us have it; check sync-uri";
          case 407 -> "the proxy wants a name and a password; put them into http_proxy";
          case 301, 302, 303, 307, 308 ->
              "the mirror sends us on without end, nowhere, or to where https ends; check sync-uri";
          default -> "the mirror cannot serve it now; try again later";
        };
    MirrorException.Kind kind =
        switch (status) {
          case HttpAnswer.NOT_FOUND, HttpAnswer.GONE -> MirrorException.Kind.MISSING;
          default ->
              PASSING.contains(status)
                  ? MirrorException.Kind.PASSING
                  : MirrorException.Kind.REFUSED;
        };
    String from = answer.from().equals(address) ? "" : ", redirected to " + answer.shownFrom();
    return new MirrorException(
        kind,
        address + ": HTTP " + status + from + ": " + what,
        null,
        answer.retryAfter(Instant.now()));
  }
}
