package io.strata.publish;

import io.strata.publish.PublishListener.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes images with mksquashfs 4.4 or newer: the same tree, options and make time give the same
 * bytes. Everything in the tree goes in, with its own times; a file that can't be read is a
 * failure.
 */
final class ImageMaker {
  private static final String PROGRAM = "mksquashfs";
  private static final int MAX_NOTES = 20;

  /** The end of a line that mksquashfs's progress bar draws: {@code 17/50 34%}. */
  private static final Pattern PROGRESS = Pattern.compile("(\\d{1,15})/(\\d{1,15}) +\\d+%");

  private final PublishListener listener;

  ImageMaker(PublishListener listener) {
    this.listener = listener;
  }

  /**
   * Makes an image.
   *
   * @param makeTime for the superblock, in seconds since 1970
   * @param image must not be there yet
   */
  void make(Path tree, ImageOptions options, long makeTime, Path image)
      throws IOException, PublishException, InterruptedException {
    List<String> command =
        List.of(
            Programs.find(PROGRAM, "squashfs-tools").toString(),
            tree.toAbsolutePath().toString(),
            image.toAbsolutePath().toString(),
            "-noappend",
            "-no-recovery",
            "-exit-on-error",
            "-quiet",
            "-progress",
            "-comp",
            options.compression().toString(),
            "-b",
            Integer.toString(options.blockSize()),
            "-mkfs-time",
            Long.toString(makeTime));
    ProcessBuilder builder = new ProcessBuilder(command);
    // It stands in makeTime if it is wanted; here it would also change the times of files.
    builder.environment().remove("SOURCE_DATE_EPOCH");
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    int status = run(builder, said);
    if (status != 0 || !Files.exists(image)) {
      throw failure(tree, image, status, said);
    }
    said.forEach(line -> listener.note("mksquashfs: " + line));
  }

  private int run(ProcessBuilder builder, List<String> said)
      throws IOException, InterruptedException {
    Process process = builder.start();
    Thread errors = Thread.ofVirtual().start(() -> collect(process, said));
    try (Child _ = new Child(process);
        Reader out = new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)) {
      process.getOutputStream().close();
      follow(out);
      errors.join();
      return process.waitFor();
    }
  }

  /** Takes what it says on stderr, each line once and not too many of them. */
  private static void collect(Process process, List<String> said) {
    try (BufferedReader lines = process.errorReader(StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (said.size() < MAX_NOTES && !line.isBlank() && !said.contains(line)) {
          said.add(line);
        }
      }
    } catch (IOException e) {
      said.add("its words were lost: " + e.getMessage());
    }
  }

  private void follow(Reader out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = out.read(); c >= 0; c = out.read()) {
      if (c == '\r' || c == '\n') {
        report(line);
        line.setLength(0);
      } else if (line.length() < 1000) {
        line.append((char) c);
      }
    }
  }

  private void report(CharSequence line) {
    Matcher matcher = PROGRESS.matcher(line);
    if (matcher.find()) {
      long total = Long.parseLong(matcher.group(2));
      listener.progress(Step.IMAGE, Long.parseLong(matcher.group(1)), total);
    }
  }

  private static PublishException failure(Path tree, Path image, int status, List<String> said) {
    List<String> lines = new ArrayList<>(said.stream().limit(4).toList());
    if (lines.isEmpty()) {
      lines.add("status " + status);
    }
    String all = String.join("; ", lines);
    String message = tree + ": mksquashfs can't make an image: " + all;
    return new PublishException(message, Programs.spaceFault(image, all));
  }
}
