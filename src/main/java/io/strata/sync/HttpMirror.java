package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;

/**
 * A mirror on a web server. What it says of ranges is never believed: an answer that is not exactly
 * the part that was asked for is thrown away, and the file is taken whole.
 *
 * <p>Thread-safe.
 */
final class HttpMirror implements Mirror {
  private static final int MAX_TAG = 200;

  private final HttpRequests requests;
  private final URI directory;
  private final Retries retries;
  private final Pieces pieces;
  private final Map<String, RemoteFile> seen = new ConcurrentHashMap<>();

  /** Whether its answers to ranges were right so far. */
  private volatile boolean trustsRanges = true;

  /** Whether it served several pieces at a time so far. */
  private volatile boolean servesPieces = true;

  /** A mirror whose large files are fetched in {@code pieces}, as far as it allows. */
  HttpMirror(HttpRequests requests, URI directory, Retries retries, Pieces pieces) {
    this.requests = requests;
    this.directory = directory;
    this.retries = retries;
    this.pieces = pieces;
  }

  @Override
  public URI address(String fileName) {
    return Mirror.resolve(directory, fileName);
  }

  @Override
  public void distrustParts() {
    trustsRanges = false;
  }

  @Override
  public Retries retries() {
    return retries;
  }

  @Override
  public RemoteFile look(String fileName) throws MirrorException {
    URI address = address(fileName);
    HttpAnswer answer = requests.send(requests.head(address));
    answer.discard();
    if (answer.status() == HttpAnswer.NOT_FOUND || answer.status() == HttpAnswer.GONE) {
      throw HttpRequests.refused(address, answer);
    }
    // A server that knows no HEAD may well answer GET. A length of 0 is what some say for unknown.
    RemoteFile file =
        answer.status() == HttpAnswer.OK && answer.encoding().isEmpty()
            ? new RemoteFile(
                answer.length().orElse(0) > 0 ? answer.length() : OptionalLong.empty(),
                answer.acceptsRanges(),
                answer.validator(),
                answer.modified())
            : RemoteFile.UNKNOWN;
    seen.put(fileName, file);
    return file;
  }

  @Override
  public Body open(String fileName, Resume resume) throws MirrorException {
    URI address = address(fileName);
    RemoteFile file = seen.getOrDefault(fileName, RemoteFile.UNKNOWN);
    if (trustsRanges && servesPieces && pieces.suit(file, resume)) {
      return inPieces(address, file, resume.from());
    }
    return trustsRanges && resume.from() > 0 ? rest(address, resume) : whole(address);
  }

  @Override
  public boolean givesParts() {
    return trustsRanges;
  }

  @Override
  public Body part(String fileName, long from, long count, long whole) throws MirrorException {
    URI address = address(fileName);
    RemoteFile file = seen.getOrDefault(fileName, RemoteFile.UNKNOWN);
    long last = from + count - 1;
    HttpRequest.Builder request = requests.get(address);
    request.setHeader("Range", "bytes=" + from + "-" + last);
    file.validator().ifPresent(v -> request.setHeader("If-Range", v));
    HttpAnswer answer = requests.send(request);
    Optional<String> validator = answer.validator();
    if (HttpParts.isAnother(answer, file.validator(), whole)) {
      answer.discard();
      // From now on without a condition: behind some names there are servers whose tags differ.
      seen.remove(fileName);
      throw HttpParts.changed(address);
    }
    if (!HttpParts.is(answer, from, last)) {
      answer.discard();
      trustsRanges &= !HttpParts.isAnswerToRange(answer);
      throw HttpParts.refused(address, answer);
    }
    return new Body(
        answer.body(), from, OptionalLong.of(whole), validator, true, redirect(address, answer));
  }

  private Body whole(URI address) throws MirrorException {
    HttpAnswer answer = requests.send(requests.get(address));
    if (answer.status() != HttpAnswer.OK) {
      answer.discard();
      throw HttpRequests.refused(address, answer);
    }
    return whole(address, answer);
  }

  private static Body whole(URI address, HttpAnswer answer) throws MirrorException {
    String encoding = answer.encoding().orElse("");
    return switch (encoding) {
      case "" ->
          new Body(
              answer.body(),
              0,
              answer.length(),
              answer.validator(),
              false,
              redirect(address, answer));
      case "gzip", "x-gzip" -> unpacked(address, answer);
      default -> {
        answer.discard();
        throw new MirrorException(
            MirrorException.Kind.REFUSED,
            address + ": it comes encoded as " + encoding + ", which nobody asked for",
            null);
      }
    };
  }

  /** Some servers compress whatever they send; what is inside is the file. */
  private static Body unpacked(URI address, HttpAnswer answer) throws MirrorException {
    try {
      InputStream plain = new GZIPInputStream(answer.body());
      return new Body(
          plain,
          0,
          OptionalLong.empty(),
          Optional.empty(),
          false,
          Optional.of("it comes compressed"));
    } catch (IOException e) {
      answer.discard();
      throw new MirrorException(
          MirrorException.Kind.PASSING,
          address + ": it is said to be compressed by gzip, and is not",
          e);
    }
  }

  private Body rest(URI address, Resume resume) throws MirrorException {
    HttpRequest.Builder request = requests.get(address);
    request.setHeader("Range", "bytes=" + resume.from() + "-");
    resume.validator().ifPresent(v -> request.setHeader("If-Range", v));
    HttpAnswer answer = requests.send(request);
    return switch (answer.status()) {
      case HttpAnswer.PARTIAL_CONTENT -> {
        Optional<String> fault = fault(answer, resume);
        yield fault.isEmpty() ? restOf(answer, resume) : instead(address, answer, fault.get());
      }
      case HttpAnswer.OK -> whole(address, answer);
      case HttpAnswer.RANGE_NOT_SATISFIABLE ->
          answer.range().map(ContentRange::length).equals(at(resume.from()))
              ? complete(answer, resume)
              : instead(address, answer, "it says that there is no such part");
      case HttpAnswer.NOT_MODIFIED, HttpAnswer.PRECONDITION_FAILED ->
          instead(address, answer, "HTTP " + answer.status() + " is no answer to that");
      default -> {
        answer.discard();
        throw HttpRequests.refused(address, answer);
      }
    };
  }

  private static Optional<OptionalLong> at(long offset) {
    return Optional.of(OptionalLong.of(offset));
  }

  /** What is wrong with a 206, if anything. */
  private static Optional<String> fault(HttpAnswer answer, Resume resume) {
    Optional<ContentRange> range = answer.range();
    if (range.isEmpty() || !answer.isPlain()) {
      return Optional.of("what comes is no plain part");
    }
    if (!range.get().isRestFrom(resume.from())) {
      return Optional.of("another part comes: " + answer.field("Content-Range").orElse(""));
    }
    long length = range.get().last().orElse(0) + 1 - resume.from();
    if (answer.length().orElse(length) != length) {
      return Optional.of("a part of another length comes");
    }
    Optional<String> tag = answer.validator();
    boolean another =
        tag.isPresent()
            && resume.validator().isPresent()
            && sameKind(tag.get(), resume.validator().get())
            && !tag.equals(resume.validator());
    return another ? Optional.of("a part of another file comes") : Optional.empty();
  }

  private static boolean sameKind(String one, String other) {
    return one.length() < MAX_TAG && one.startsWith("\"") == other.startsWith("\"");
  }

  private static Body restOf(HttpAnswer answer, Resume resume) {
    long end = answer.range().orElseThrow().last().orElseThrow() + 1;
    return new Body(
        answer.body(),
        resume.from(),
        OptionalLong.of(end),
        answer.validator().or(resume::validator),
        true,
        Optional.empty());
  }

  /** All of it was here. */
  private static Body complete(HttpAnswer answer, Resume resume) {
    answer.discard();
    return new Body(
        InputStream.nullInputStream(),
        resume.from(),
        OptionalLong.of(resume.from()),
        resume.validator(),
        true,
        Optional.empty());
  }

  private Body instead(URI address, HttpAnswer answer, String fault) throws MirrorException {
    answer.discard();
    trustsRanges = false;
    return whole(address).remarking("asked for the rest, " + fault + "; taking the whole");
  }

  private static Optional<String> redirect(URI address, HttpAnswer answer) {
    return answer.from().equals(address)
        ? Optional.empty()
        : Optional.of("it is redirected to " + answer.shownFrom());
  }

  private Body inPieces(URI address, RemoteFile file, long from) {
    long length = file.length().orElseThrow();
    InputStream stream =
        pieces.stream(from, length, (at, count) -> piece(address, file, at, count));
    return new Body(stream, from, file.length(), file.validator(), true, Optional.empty());
  }

  private byte[] piece(URI address, RemoteFile file, long from, int count) throws IOException {
    long last = from + count - 1;
    HttpRequest.Builder request = requests.get(address);
    request.setHeader("Range", "bytes=" + from + "-" + last);
    request.setHeader("If-Range", file.validator().orElseThrow());
    try {
      HttpAnswer answer = requests.send(request);
      try (InputStream body = answer.body()) {
        boolean right =
            answer.status() == HttpAnswer.PARTIAL_CONTENT
                && answer.isPlain()
                && answer.range().filter(r -> r.is(from, last)).isPresent();
        byte[] bytes = right ? body.readNBytes(count) : new byte[0];
        if (bytes.length != count || body.read() >= 0) {
          throw new IOException("pieces come wrong (HTTP " + answer.status() + ")");
        }
        return bytes;
      }
    } catch (MirrorException e) {
      servesPieces = false;
      throw new IOException(e.getMessage(), e);
    } catch (IOException e) {
      servesPieces = false;
      throw e;
    }
  }
}
