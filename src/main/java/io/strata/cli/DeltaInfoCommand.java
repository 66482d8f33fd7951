package io.strata.cli;

import io.strata.delta.DeltaInfo;
import io.strata.delta.sqdelta2.Sqdelta2Info;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata delta info}. */
@Command(name = "info", description = "Shows what a delta says about itself.")
final class DeltaInfoCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DELTA", description = "The .sqdelta2 or .sqdelta.")
  private Path delta = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    GivenPaths.refuseDirectory(delta, "a delta");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("delta", delta.toString());
    fields.put("format", DeltaKind.of(delta).toString());
    if (DeltaKind.of(delta) == DeltaKind.SQDELTA2) {
      sqdelta2(Sqdelta2Info.read(delta), fields);
    } else {
      sqdelta(DeltaInfo.read(delta), fields);
    }
    print(fields);
    return ExitCode.DONE.code();
  }

  private static void sqdelta2(Sqdelta2Info info, Map<String, Object> fields) {
    fields.put("size", info.length());
    fields.put("source-size", info.sourceLength());
    fields.put("source-sha256", info.sourceDigest());
    fields.put("target-size", info.targetLength());
    fields.put("target-sha256", info.targetDigest());
    fields.put("block-size", info.blockSize());
    fields.put("compression", String.join("; ", info.compressors()));
    fields.put("library", info.library());
    fields.put("content-size", info.contentLength());
    info.columns()
        .forEach((name, size) -> fields.put("column-" + name.toLowerCase(Locale.ROOT), size));
  }

  private static void sqdelta(DeltaInfo info, Map<String, Object> fields) {
    fields.put("size", info.length());
    fields.put("compression", info.compression().toString());
    fields.put("source-blocks", info.sourceBlocks());
    fields.put("source-blocks-size", info.sourceBlocksLength());
    fields.put("source-blocks-uncompressed", info.sourceBlocksUncompressed());
    fields.put("patch-size", info.patchLength());
    fields.put("patch-windows", info.windows());
    fields.put("expanded-source-at-least", info.expandedSourceLength());
    fields.put("expanded-target", info.expandedTargetLength());
  }

  private void print(Map<String, Object> fields) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(fields));
    } else {
      fields.forEach((name, value) -> out.println(name + ": " + value));
    }
    out.flush();
  }
}
