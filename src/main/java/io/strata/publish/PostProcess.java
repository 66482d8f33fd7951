package io.strata.publish;

import io.strata.store.Snapshot;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Runs a command over staged files. While it runs, all of them are private copies, also those that
 * it is not run for; afterwards, whether it succeeded or not, the digests of all are taken anew and
 * all are linked to the store again, so that no link is ever to what was written to.
 */
final class PostProcess {
  private final PostProcessOptions options;
  private final Snapshot snapshot;
  private final PublishListener listener;

  PostProcess(PostProcessOptions options, Snapshot snapshot, PublishListener listener) {
    this.options = options;
    this.snapshot = snapshot;
    this.listener = listener;
  }

  /**
   * Runs the command once for each of {@code names} that the filter takes.
   *
   * @return the names of the files that came or changed
   * @throws PublishException if the command fails for one of them
   */
  List<String> run(StagedFiles files, Collection<String> names)
      throws IOException, PublishException, InterruptedException {
    List<String> chosen =
        names.stream().filter(name -> options.filter().matcher(name).lookingAt()).toList();
    if (chosen.isEmpty()) {
      return List.of();
    }
    List<String> changed;
    files.makePrivate();
    try {
      for (String name : chosen) {
        run(files.file(name));
      }
    } finally {
      changed = files.refresh();
    }
    return changed;
  }

  private void run(Path file) throws IOException, PublishException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", options.command() + " \"$@\"", "sh", file.toString());
    builder.directory(file.resolveSibling("").toFile());
    builder.environment().put("STRATA_REPOSITORY", snapshot.repository());
    builder.environment().put("STRATA_VERSION", snapshot.version());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process = builder.redirectErrorStream(true).start();
    int status;
    try (Child _ = new Child(process);
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        listener.note("post-process: " + line);
      }
      status = process.waitFor();
    }
    if (status != 0) {
      throw new PublishException(
          "the command of --post-process fails for "
              + file.getFileName()
              + " with status "
              + status
              + ", so nothing is published: "
              + options.command());
    }
  }
}
