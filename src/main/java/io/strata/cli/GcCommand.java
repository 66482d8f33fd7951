package io.strata.cli;

import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.LockedRepository;
import io.strata.store.OldImage;
import io.strata.store.StoreException;
import io.strata.sync.RepositoryConfig;
import io.strata.sync.SyncException;
import io.strata.sync.Turn;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata gc}. */
@Command(
    name = "gc",
    description = {
      "Removes the images of repositories that nothing needs any more, and what killed processes"
          + " and downloads that broke off left.",
      "An image that is mounted, or in use in another way, stays, as does one that Strata did not"
          + " bring here. A repository whose current image is not there is left as it is."
    })
final class GcCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "REPO",
      description = "A repository of the configuration; default: all.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "How many snapshots stay: the current one, and those that were current before it, to"
              + " which 'strata rollback' can go. Default: sync-squashdelta-keep, or 2.")
  private @Nullable Integer keep;

  @Option(names = "--dry-run", description = "Only print what would be removed.")
  private boolean dryRun;

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

  @Spec private CommandSpec spec;

  /** What was found of one repository. */
  private record Found(String repository, List<OldImage> images, List<Path> leftovers) {}

  @Override
  public Integer call() throws Exception {
    if (keep != null && keep < 1) {
      throw new CommandException(ExitCode.USAGE, "--keep " + keep + ": the current one stays");
    }
    int code = ExitCode.DONE.code();
    List<Found> all = new ArrayList<>();
    for (RepositoryConfig repository : RepositoryChoice.allOr(names, config)) {
      try {
        all.add(one(repository));
      } catch (SyncException | StoreException e) {
        int end =
            spec.commandLine()
                .getExecutionExceptionHandler()
                .handleExecutionException(e, spec.commandLine(), null);
        code = code == ExitCode.DONE.code() ? end : code;
      }
    }
    print(all);
    return code;
  }

  private Found one(RepositoryConfig repository) throws SyncException, StoreException {
    ImageStore store = new ImageStore(repository.cache(), Posix.system());
    String name = repository.name();
    int snapshots = keep == null ? repository.keep() : keep;
    if (dryRun) {
      return new Found(name, store.collectable(name, snapshots), leftovers(store, name));
    }
    Turn turn = noWait ? Turn.GIVE_UP : Turn.WAIT;
    PrintWriter err = spec.commandLine().getErr();
    try (Progress none = Progress.onStandardError(Progress.Mode.NONE);
        LockedRepository locked = turn.take(store, name, new Voice(none, err, false))) {
      List<Path> leftovers = leftovers(store, name);
      locked.removeLeftovers();
      locked.removePartials(_ -> false);
      return new Found(name, locked.collect(snapshots), leftovers);
    }
  }

  private static List<Path> leftovers(ImageStore store, String repository) throws StoreException {
    return Stream.concat(store.leftovers(repository).stream(), store.partials(repository).stream())
        .sorted()
        .toList();
  }

  private void print(List<Found> all) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("dry-run", dryRun);
      object.put("repositories", all.stream().<Object>map(GcCommand::object).toList());
      out.println(Json.write(object));
    } else {
      all.forEach(
          found -> lines(found).forEach(line -> out.println(found.repository + ": " + line)));
    }
    out.flush();
  }

  private List<String> lines(Found found) {
    String verb = dryRun ? "would remove " : "removed ";
    List<String> lines = new ArrayList<>();
    for (OldImage image : found.images) {
      String name = image.snapshot().imageName();
      lines.add(
          image.inUse()
              ? "kept " + name + ": in use"
              : verb + name + ", " + image.bytes() + " bytes");
    }
    found.leftovers.forEach(path -> lines.add(verb + path.getFileName() + ", a leftover"));
    return lines.isEmpty() ? List.of("nothing to remove") : lines;
  }

  private static Map<String, Object> object(Found found) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("repository", found.repository);
    object.put("removed", versions(found, false));
    object.put("in-use", versions(found, true));
    object.put(
        "bytes", found.images.stream().filter(i -> !i.inUse()).mapToLong(OldImage::bytes).sum());
    object.put(
        "leftovers",
        found.leftovers.stream().<Object>map(p -> String.valueOf(p.getFileName())).toList());
    return object;
  }

  private static List<Object> versions(Found found, boolean inUse) {
    return found.images.stream()
        .filter(image -> image.inUse() == inUse)
        .<Object>map(image -> image.snapshot().version())
        .toList();
  }
}
