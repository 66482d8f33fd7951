package io.strata.cli;

import io.strata.delta.DeltaInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
  @Parameters(index = "0", paramLabel = "DELTA", description = "The .sqdelta.")
  private Path delta = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    DeltaInfo info = DeltaInfo.read(delta);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("delta", delta.toString());
    fields.put("size", info.length());
    fields.put("compression", info.compression().toString());
    fields.put("source-blocks", info.sourceBlocks());
    fields.put("source-blocks-size", info.sourceBlocksLength());
    fields.put("source-blocks-uncompressed", info.sourceBlocksUncompressed());
    fields.put("patch-size", info.patchLength());
    fields.put("patch-windows", info.windows());
    fields.put("expanded-source-at-least", info.expandedSourceLength());
    fields.put("expanded-target", info.expandedTargetLength());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(fields));
    } else {
      fields.forEach((name, value) -> out.println(name + ": " + value));
    }
    out.flush();
    return ExitCode.DONE.code();
  }
}
