package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A mount as {@code status} shows it.
 *
 * @param mountPoint where
 * @param state how its server does
 * @param entry what the registry says of it; nothing for a mount that is not in this registry
 * @param statistics what the server counts, by name; empty unless it was asked and answered
 */
public record MountStatus(
    String mountPoint, State state, Optional<RegistryEntry> entry, Map<String, Long> statistics) {

  /** How a server does. */
  public enum State {
    /** It serves. */
    SERVING("serving"),
    /** Its process is there but does not answer. */
    SILENT("server does not answer"),
    /** Taken out of the tree, but somebody still uses it. */
    DETACHED("unmounted lazily, still in use"),
    /** Its process is gone, the mount is not. */
    DEAD("server is dead"),
    /** Mounted by another user, or by a server that this registry does not know. */
    UNKNOWN("not in this user's registry");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** What to call it before the user. */
    public String words() {
      return words;
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** For those who had as long as another one that did not answer. */
  private static final Duration AFTER_SILENCE = Duration.ofMillis(200);

  /** All mounts that the registry or the mount table knows of, in the order of mount points. */
  public static List<MountStatus> all(Registry registry)
      throws MountException, InterruptedException {
    MountTable table = readTable();
    Map<String, MountStatus> all = new TreeMap<>();
    for (MountPoint mount : table.mounts()) {
      if (mount.isStrata()) {
        all.put(
            mount.path(), new MountStatus(mount.path(), State.UNKNOWN, Optional.empty(), Map.of()));
      }
    }
    List<MountStatus> detached = new ArrayList<>();
    List<Asked> asked = new ArrayList<>();
    for (RegistryEntry entry : registry.sweep(table)) {
      String path = entry.plan().mountPoint().toString();
      MountStatus known = all.get(path);
      if (known == null) {
        detached.add(new MountStatus(path, State.DETACHED, Optional.of(entry), Map.of()));
      } else if (registry.alive(entry)) {
        asked.add(Asked.begin(entry));
      } else if (known.entry().isEmpty()) {
        all.put(path, new MountStatus(path, State.DEAD, Optional.of(entry), Map.of()));
      }
    }
    Duration patience = PATIENCE;
    for (Asked each : asked) {
      MountStatus status = each.status(patience);
      all.put(status.mountPoint(), status);
      if (status.state() == State.SILENT) {
        patience = AFTER_SILENCE;
      }
    }
    List<MountStatus> sorted = new ArrayList<>(all.values());
    sorted.addAll(detached);
    return sorted;
  }

  private static MountTable readTable() throws MountException {
    try {
      return MountTable.read();
    } catch (IOException e) {
      throw new MountException(
          Kind.MOUNT, MountTable.FILE + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** A server that was asked; all are before the first answer is waited for. */
  private record Asked(RegistryEntry entry, Optional<ControlClient.Question> question) {
    static Asked begin(RegistryEntry entry) {
      KeyedLines request = new KeyedLines().put("verb", "statistics");
      try {
        return new Asked(entry, Optional.of(new ControlClient(entry).begin(request)));
      } catch (MountException e) {
        return new Asked(entry, Optional.empty());
      }
    }

    MountStatus status(Duration patience) throws InterruptedException {
      String path = entry.plan().mountPoint().toString();
      if (question.isPresent()) {
        try (ControlClient.Question asked = question.get()) {
          Map<String, Long> counts = counts(asked.reply(patience));
          return new MountStatus(path, State.SERVING, Optional.of(entry), counts);
        } catch (MountException e) {
          // silent
        }
      }
      return new MountStatus(path, State.SILENT, Optional.of(entry), Map.of());
    }
  }

  private static Map<String, Long> counts(KeyedLines reply) throws MountException {
    Map<String, Long> counts = new TreeMap<>();
    for (String key : reply.keys()) {
      if (!key.equals("ok")) {
        counts.put(key, number(MountPlan.need(reply, key)));
      }
    }
    return counts;
  }

  private static long number(String text) throws MountException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MountException(Kind.INTERNAL, "'" + text + "' is no count", e);
    }
  }
}
