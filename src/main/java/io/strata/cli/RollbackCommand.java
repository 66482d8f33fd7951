package io.strata.cli;

import io.strata.posix.Posix;
import io.strata.store.Snapshot;
import io.strata.sync.HookRun;
import io.strata.sync.RepositoryConfig;
import io.strata.sync.Rollback;
import io.strata.sync.SyncException;
import io.strata.sync.Turn;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata rollback}. */
@Command(
    name = "rollback",
    description = {
      "Goes back to the snapshot of a repository that was current before, then switches its mounts.",
      "Its image is read and verified first. Syncs stay there until the mirror has something newer"
          + " than what was rolled back from. Done again, it goes one more back, as far as images"
          + " are here; see 'strata gc --keep'."
    })
final class RollbackCommand implements Callable<Integer> {
  @Parameters(paramLabel = "REPO", description = "A repository of the configuration.")
  private String name = "";

  @Option(
      names = "--undo",
      description = "Go forward again to what was rolled back from, now or with the next sync.")
  private boolean undo;

  @Option(names = "--no-switch", description = "Leave the mounts on their snapshot.")
  private boolean noSwitch;

  @Mixin private HookOptions hooks = new HookOptions();

  @Option(
      names = "--no-wait",
      description = "End with code 8 if a sync of the repository is running, and do not wait.")
  private boolean noWait;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The repositories: a file, or a directory of *.conf.")
  private @Nullable Path config;

  @Mixin private ProgressOption progress = new ProgressOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    RepositoryConfig repository = RepositoryChoice.one(name, config);
    try (Progress bar = progress.start()) {
      Voice voice = new Voice(bar, spec.commandLine().getErr(), false);
      Optional<Rollback.Step> step = step(repository, voice);
      voice.end();
      return step.isPresent() ? follow(repository, step.get(), voice) : nothing();
    }
  }

  private int nothing() {
    print(Optional.empty(), List.of());
    return ExitCode.DONE.code();
  }

  /** What comes after; a mount that is busy does not keep the hooks from running. */
  private int follow(RepositoryConfig repository, Rollback.Step step, Voice voice)
      throws Exception {
    MountSwitch mounts = new MountSwitch(voice::note);
    int code = ExitCode.DONE.code();
    try {
      if (!noSwitch) {
        mounts.toCurrent(repository);
      }
    } finally {
      print(Optional.of(step), mounts.switched());
      code = noSwitch ? code : tell(repository, voice);
    }
    return code;
  }

  private int tell(RepositoryConfig repository, Voice voice)
      throws SyncException, InterruptedException {
    HookRun run = new HookRun(hooks.programs(), Posix.system());
    List<String> failures = run.run(repository, "rollback", true, voice);
    failures.forEach(voice::failure);
    return (failures.isEmpty() ? ExitCode.DONE : ExitCode.HOOK).code();
  }

  private Optional<Rollback.Step> step(RepositoryConfig repository, Voice voice)
      throws SyncException {
    Rollback rollback = new Rollback(Posix.system());
    Turn turn = noWait ? Turn.GIVE_UP : Turn.WAIT;
    return undo
        ? rollback.undo(repository, turn, voice)
        : Optional.of(rollback.back(repository, turn, voice));
  }

  private void print(Optional<Rollback.Step> step, List<Path> switched) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("repository", name);
      step.flatMap(Rollback.Step::from).ifPresent(from -> object.put("from", from.version()));
      step.ifPresent(done -> object.put("to", done.to().version()));
      object.put("switched", switched.stream().<Object>map(Path::toString).toList());
      out.println(Json.write(object));
    } else {
      out.println(name + ": " + step.map(this::words).orElse("the next sync goes forward again"));
    }
    out.flush();
  }

  private String words(Rollback.Step step) {
    String from = step.from().map(Snapshot::version).orElse("nothing");
    return from + " -> " + step.to().version() + (undo ? ": forward again" : ": rolled back");
  }
}
