package io.strata.cli;

import io.strata.store.OldImage;
import io.strata.store.Snapshot;
import io.strata.sync.Candidate;
import io.strata.sync.SyncPlan;
import io.strata.sync.SyncResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code strata sync --json}. */
final class SyncJson {
  private SyncJson() {}

  /** The whole text. */
  static String of(List<Object> repositories, int exitCode) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("repositories", repositories);
    all.put("exit-code", exitCode);
    return Json.write(all);
  }

  static Map<String, Object> outcome(SyncOutcome outcome) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("repository", outcome.repository());
    outcome.result().ifPresent(result -> put(object, result, outcome));
    object.put("exit-code", outcome.code());
    object.put("errors", List.<Object>copyOf(outcome.errors()));
    return object;
  }

  private static void put(Map<String, Object> object, SyncResult result, SyncOutcome outcome) {
    result.from().ifPresent(from -> object.put("from", from.version()));
    object.put("to", result.to().version());
    object.put("way", result.way().id());
    object.put("bytes", result.bytes());
    object.put("image-bytes", outcome.imageBytes());
    object.put("saved-bytes", outcome.savedBytes());
    object.put("milliseconds", result.time().toMillis());
    object.put("switched", outcome.switched().stream().<Object>map(Path::toString).toList());
    object.put("removed", versions(outcome.collected(), false));
    object.put("in-use", versions(outcome.collected(), true));
  }

  private static List<Object> versions(List<OldImage> images, boolean inUse) {
    return images.stream()
        .filter(image -> image.inUse() == inUse)
        .<Object>map(image -> image.snapshot().version())
        .toList();
  }

  static Map<String, Object> failure(String repository, int exitCode, String error) {
    SyncOutcome outcome = new SyncOutcome(repository);
    outcome.failed(exitCode, error);
    return outcome(outcome);
  }

  static Map<String, Object> plan(SyncPlan plan) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("repository", plan.to().repository());
    plan.from().map(Snapshot::version).ifPresent(from -> object.put("from", from));
    object.put("to", plan.to().version());
    object.put("mirror", plan.mirror().toString());
    List<Object> candidates = new ArrayList<>();
    for (Candidate candidate : plan.candidates()) {
      candidates.add(candidate(candidate, plan.choice().equals(Optional.of(candidate))));
    }
    object.put("candidates", candidates);
    object.put("exit-code", ExitCode.DONE.code());
    return object;
  }

  private static Map<String, Object> candidate(Candidate candidate, boolean chosen) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("way", candidate.way().id());
    object.put("files", List.<Object>copyOf(candidate.files()));
    candidate.bytes().ifPresent(bytes -> object.put("bytes", bytes));
    candidate.obstacle().ifPresent(obstacle -> object.put("obstacle", obstacle.why()));
    object.put("chosen", chosen);
    return object;
  }
}
