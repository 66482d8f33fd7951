package io.strata.publish;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files that are to be published, in the order in which they came, with their digests. They are
 * links to blobs, but for the time in which somebody may write to them. For one thread.
 */
final class StagedFiles {
  private static final String SCRATCH = ".linking";

  private final Staging staging;
  private final BlobStore blobs;
  private final SequencedMap<String, Digests> files = new LinkedHashMap<>();

  StagedFiles(Staging staging, BlobStore blobs) {
    this.staging = staging;
    this.blobs = blobs;
  }

  /** Adds a file that is in its staged place. */
  Digests add(String name) throws IOException {
    Path file = staging.file(name);
    Digests digests = Digests.of(file);
    blobs.share(file, digests.sha256(), staging.work(SCRATCH));
    files.put(name, digests);
    return digests;
  }

  Path file(String name) {
    return staging.file(name);
  }

  Digests digests(String name) {
    Digests digests = files.get(name);
    if (digests == null) {
      throw new IllegalArgumentException(name + " is not staged");
    }
    return digests;
  }

  List<String> names() {
    return List.copyOf(files.sequencedKeySet());
  }

  /** SHA-512 by name, as the index lists them. */
  Map<String, String> listing() {
    Map<String, String> listing = new LinkedHashMap<>();
    files.forEach((name, digests) -> listing.put(name, digests.sha512()));
    return listing;
  }

  /** Makes every file a private copy, which may be written to. */
  void makePrivate() throws IOException {
    for (String name : files.keySet()) {
      BlobStore.unshare(file(name), staging.work(SCRATCH));
    }
  }

  /**
   * Takes all digests anew, and links all files to the store again. Files that came in the meantime
   * are added.
   *
   * @return the names of the files that came or changed
   * @throws PublishException if one is gone, or is no file that can be published
   */
  List<String> refresh() throws IOException, PublishException {
    List<String> changed = new ArrayList<>();
    for (String name : here()) {
      BlobStore.unshare(file(name), staging.work(SCRATCH)); // the command may have made a link
      Digests before = files.get(name);
      if (!add(name).equals(before)) {
        changed.add(name);
      }
    }
    return changed;
  }

  private Set<String> here() throws IOException, PublishException {
    Set<String> here = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(staging.files())) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!isForAnIndex(name) || !entry.equals(staging.file(name))) {
          throw new PublishException(
              name.replaceAll("\\p{Cntrl}", "?")
                  + ": the command made it, and an index can't hold its name; have it take one of"
                  + " UTF-8 without control characters");
        }
        if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) || name.startsWith(".")) {
          throw new PublishException(
              name
                  + ": the command left it among the files, and it can't be published; have it"
                  + " make plain files only");
        }
        here.add(name);
      }
    }
    for (String name : files.keySet()) {
      if (!here.contains(name)) {
        throw new PublishException(
            name + ": the command removed it; have it leave all files where they are");
      }
    }
    return here;
  }

  private static boolean isForAnIndex(String name) {
    return name.chars().noneMatch(Character::isISOControl);
  }
}
