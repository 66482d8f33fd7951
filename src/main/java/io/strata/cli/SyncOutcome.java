package io.strata.cli;

import io.strata.store.OldImage;
import io.strata.sync.SyncResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of one repository in a run of {@code strata sync}. Used by one thread. */
final class SyncOutcome {
  private final String repository;
  private Optional<SyncResult> result = Optional.empty();
  private long imageBytes;
  private final List<Path> switched = new ArrayList<>();
  private final List<OldImage> collected = new ArrayList<>();
  private int code = ExitCode.DONE.code();
  private final List<String> errors = new ArrayList<>();

  SyncOutcome(String repository) {
    this.repository = repository;
  }

  void synced(SyncResult done, long bytesOfImage) {
    result = Optional.of(done);
    imageBytes = bytesOfImage;
  }

  void switched(List<Path> mountPoints) {
    switched.addAll(mountPoints);
  }

  void collected(List<OldImage> images) {
    collected.addAll(images);
  }

  /** The first failure says how the program ends. */
  void failed(int exitCode, String message) {
    code = code == ExitCode.DONE.code() ? exitCode : code;
    errors.add(message);
  }

  String repository() {
    return repository;
  }

  Optional<SyncResult> result() {
    return result;
  }

  /** Length of the image that is current now. */
  long imageBytes() {
    return imageBytes;
  }

  /** What a download of the whole image would have cost more, where there was anything to bring. */
  long savedBytes() {
    return result.filter(done -> done.way().brings()).isPresent()
        ? Math.max(0, imageBytes - result.get().bytes())
        : 0;
  }

  List<Path> switched() {
    return switched;
  }

  List<OldImage> collected() {
    return collected;
  }

  int code() {
    return code;
  }

  List<String> errors() {
    return errors;
  }
}
