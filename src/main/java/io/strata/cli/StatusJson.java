package io.strata.cli;

import io.strata.mount.MountPlan;
import io.strata.mount.MountStatus;
import io.strata.mount.RegistryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code strata status --json}. */
final class StatusJson {
  private StatusJson() {}

  static String of(List<MountStatus> mounts, List<RepositorySnapshots> repositories, Instant now) {
    Map<String, Object> all = new LinkedHashMap<>();
    List<Object> mountObjects = new ArrayList<>();
    mounts.forEach(mount -> mountObjects.add(mount(mount, now)));
    List<Object> repositoryObjects = new ArrayList<>();
    repositories.forEach(repository -> repositoryObjects.add(repository(repository, now)));
    all.put("mounts", mountObjects);
    all.put("repositories", repositoryObjects);
    return Json.write(all);
  }

  private static Map<String, Object> mount(MountStatus mount, Instant now) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("mountpoint", mount.mountPoint());
    object.put("state", mount.state().name().toLowerCase(Locale.ROOT));
    mount.entry().ifPresent(entry -> putEntry(object, entry, now));
    if (!mount.statistics().isEmpty()) {
      object.put("statistics", mount.statistics());
    }
    return object;
  }

  private static void putEntry(Map<String, Object> object, RegistryEntry entry, Instant now) {
    MountPlan plan = entry.plan();
    object.put("pid", entry.pid());
    object.put("source", plan.source());
    plan.repository().ifPresent(name -> object.put("repository", name));
    plan.snapshot().ifPresent(version -> object.put("snapshot", version));
    object.put("image", plan.image().toString());
    object.put("lowers", plan.lowers().stream().<Object>map(Object::toString).toList());
    plan.upper().ifPresent(upper -> object.put("upper", upper.toString()));
    plan.work().ifPresent(work -> object.put("work", work.toString()));
    object.put("read-only", plan.readOnly());
    object.put("options", plan.words().format());
    object.put("transport", plan.transport().word());
    object.put("since", entry.since().toString());
    object.put("age-seconds", Duration.between(entry.since(), now).toSeconds());
    object.put("log", plan.log().toString());
    object.put("socket", entry.socket().toString());
  }

  private static Map<String, Object> repository(RepositorySnapshots repository, Instant now) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", repository.name());
    object.put("cache", repository.cache().toString());
    repository.current().ifPresent(version -> object.put("current", version));
    repository.fault().ifPresent(fault -> object.put("fault", fault));
    object.put("snapshots", List.<Object>copyOf(repository.versions()));
    Map<String, Object> trust = repository.trust().json(now);
    if (!trust.isEmpty()) {
      object.put("trust", trust);
    }
    return object;
  }
}
