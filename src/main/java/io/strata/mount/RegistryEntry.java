package io.strata.mount;

import io.strata.mount.MountException.Kind;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A server, as it wrote itself into the registry.
 *
 * @param pid its process
 * @param startTime of that process, see {@link Processes#startTime(long)}
 * @param since when it began to serve the snapshot that it serves
 * @param socket its control socket
 * @param plan what it serves
 */
public record RegistryEntry(long pid, long startTime, Instant since, Path socket, MountPlan plan) {

  String write() {
    KeyedLines lines = new KeyedLines();
    lines.put("pid", Long.toString(pid));
    lines.put("start", Long.toString(startTime));
    lines.put("since", since.toString());
    lines.put("socket", socket.toString());
    plan.write(lines);
    return lines.put("end", "").toString();
  }

  static RegistryEntry read(String text) throws MountException {
    KeyedLines lines = KeyedLines.parse(text);
    MountPlan.need(lines, "end");
    try {
      return new RegistryEntry(
          Long.parseLong(MountPlan.need(lines, "pid")),
          Long.parseLong(MountPlan.need(lines, "start")),
          Instant.parse(MountPlan.need(lines, "since")),
          Path.of(MountPlan.need(lines, "socket")),
          MountPlan.read(lines));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new MountException(Kind.INTERNAL, "damaged entry: " + e.getMessage(), e);
    }
  }
}
