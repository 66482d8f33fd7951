package io.strata.cli;

import io.strata.posix.Posix;
import io.strata.sync.Hooks;
import io.strata.sync.OlderIndex;
import io.strata.sync.RepositoryConfig;
import io.strata.sync.SyncEngine;
import io.strata.sync.SyncException;
import io.strata.sync.SyncOptions;
import io.strata.sync.SyncPlan;
import io.strata.sync.Timeouts;
import io.strata.sync.Turn;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata sync}. */
@Command(
    name = "sync",
    description = {
      "Brings repositories to their newest snapshot, then switches their mounts to it.",
      "The index of the mirror is verified first. The image comes by deltas, by those of its parts"
          + " that are missing here, or whole, whatever is least to download; it is verified before"
          + " anybody sees it. A mount that is busy keeps the old snapshot until the next sync or"
          + " mount. Of the old images, that of the snapshot before stays for 'strata rollback';"
          + " older ones go once nothing uses them."
    })
final class SyncCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "REPO",
      description = "A repository of the configuration; default: all whose auto-sync is yes.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--dry-run",
      description = "Only print the ways there are, with their bytes, and which one is taken.")
  private boolean dryRun;

  @Option(
      names = "--verify",
      description = "Read the images here and compare their digests, also where nobody wrote.")
  private boolean verify;

  @Option(names = "--no-switch", description = "Leave the mounts on their snapshot.")
  private boolean noSwitch;

  @Option(
      names = "--no-wait",
      description =
          "End with code 8 if another sync of a repository is running, and do not wait for it.")
  private boolean noWait;

  @Option(
      names = "--allow-rollback",
      description = {
        "Accept an index that is older than the one accepted last, or too old, if it is signed as"
            + " it should be. strata status says so until a newer one comes."
      })
  private boolean allowRollback;

  @Mixin private HookOptions hooks = new HookOptions();

  @Option(names = "--quiet", description = "Say only what went wrong: for cron and timers.")
  private boolean quiet;

  @Option(names = "--json", description = "Print JSON: what was done, or with --dry-run the plan.")
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
    List<RepositoryConfig> repositories = RepositoryChoice.autoSyncedOr(names, config);
    int code = ExitCode.DONE.code();
    List<Object> objects = new ArrayList<>();
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT);
        Progress bar = progress.start()) {
      Voice voice = new Voice(bar, spec.commandLine().getErr(), quiet);
      // One repository's failure does not keep the others from being synced.
      for (RepositoryConfig repository : repositories) {
        int end =
            dryRun
                ? plan(engine, repository, voice, objects)
                : sync(engine, repository, voice, objects);
        code = code == ExitCode.DONE.code() ? end : code;
      }
    }
    if (json) {
      print(SyncJson.of(objects, code));
    }
    return code;
  }

  private int plan(
      SyncEngine engine, RepositoryConfig repository, Voice voice, List<Object> objects) {
    try {
      SyncPlan plan = engine.plan(repository, options(), voice);
      voice.end();
      if (json) {
        objects.add(SyncJson.plan(plan));
      } else {
        SyncReport.plan(plan).forEach(this::print);
      }
      return ExitCode.DONE.code();
    } catch (SyncException e) {
      voice.end();
      int code = report(e);
      objects.add(SyncJson.failure(repository.name(), code, Failures.describe(e)));
      return code;
    }
  }

  private int sync(
      SyncEngine engine, RepositoryConfig repository, Voice voice, List<Object> objects)
      throws InterruptedException {
    Optional<Hooks> programs = noSwitch ? Optional.empty() : Optional.of(hooks.programs());
    SyncRun run = new SyncRun(engine, options(), programs, voice, this::report);
    SyncOutcome outcome = run.sync(repository, this::summary);
    objects.add(SyncJson.outcome(outcome));
    return outcome.code();
  }

  private void summary(SyncOutcome outcome) {
    if (!json && !quiet) {
      print(SyncReport.result(outcome));
    }
  }

  private int report(Exception e) {
    try {
      return spec.commandLine()
          .getExecutionExceptionHandler()
          .handleExecutionException(e, spec.commandLine(), null);
    } catch (Exception other) {
      throw new IllegalStateException("a report never fails", other);
    }
  }

  private SyncOptions options() {
    return SyncOptions.DEFAULT
        .withVerify(verify)
        .withTurn(noWait ? Turn.GIVE_UP : Turn.WAIT)
        .withOlder(allowRollback ? OlderIndex.ALLOWED : OlderIndex.REFUSED);
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
