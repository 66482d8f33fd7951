package io.strata.publish;

import io.strata.blocks.BlockIndex;
import io.strata.publish.PublishListener.Step;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.SquashFsImage;
import io.strata.store.Snapshot;
import io.strata.trust.IndexException;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One publication, under the mirror's lock. For one run. */
final class PublishRun {
  private final PublishRequest request;
  private final Snapshot snapshot;
  private final String imageName;
  private final MirrorIndex index;
  private final Instant now;
  private final PublishListener listener;
  private final StagedFiles files;
  private final DeltaStep deltas;
  private final Commit commit;
  private MirrorState state = MirrorState.EMPTY;

  PublishRun(
      PublishRequest request,
      MirrorIndex index,
      Staging staging,
      List<DeltaFormat> formats,
      Clock clock,
      PublishListener listener) {
    BlobStore blobs = new BlobStore(request.mirror());
    this.request = request;
    this.snapshot = request.snapshot();
    this.imageName = snapshot.imageName();
    this.index = index;
    this.now = clock.instant();
    this.listener = listener;
    this.files = new StagedFiles(staging, blobs);
    this.deltas = new DeltaStep(request, formats, index, staging, files, listener);
    this.commit = new Commit(request, staging, blobs, now, listener);
  }

  Publication run()
      throws IOException,
          PublishException,
          KeyException,
          IndexException,
          UntrustedIndexException,
          InterruptedException {
    state =
        MirrorState.read(request.mirror())
            .given(index::lists)
            .withImages(index.images(snapshot.repository()));
    boolean listed = index.lists(imageName);
    if (!listed) {
      index.checkName(snapshot);
      checkNotForeign();
    }
    List<Snapshot> bases = listed ? List.of() : deltas.bases();
    if (!bases.isEmpty()) {
      deltas.chooseFormats();
    }
    makeImage();
    String tree = Digests.ofTree(files.file(imageName));
    if (listed) {
      return unchanged(sameAsListed(tree));
    }
    Optional<Snapshot> same = unchangedSince(tree);
    if (same.isPresent()) {
      return unchanged(same.get());
    }
    stage(tree, bases);
    return publish();
  }

  /** What lies here unlisted and is not of a publication that was cut off is somebody's. */
  private boolean isForeign(String name) {
    return !state.unlisted().containsKey(name)
        && Files.exists(request.mirror().resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  private void checkNotForeign() throws PublishException {
    Path image = request.mirror().resolve(imageName);
    boolean known = state.image(imageName).isPresent() || !isForeign(imageName);
    if (!known && Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS)) {
      throw new PublishException(
          image
              + ": lies there, but the index does not list it, and clients may have it all the"
              + " same; choose another version, or move it away");
    }
  }

  /** A version means one image, for ever: clients refuse another one. */
  private void checkNotAnother(String sha512) throws PublishException {
    Optional<String> before = state.image(imageName);
    if (before.isPresent() && !before.get().equals(sha512)) {
      throw new PublishException(
          snapshot
              + " was published before, with another image, which clients may have; choose another"
              + " version for this tree");
    }
  }

  private void makeImage() throws IOException, PublishException, InterruptedException {
    long makeTime = request.image().makeTime().orElse(now.getEpochSecond());
    new ImageMaker(listener)
        .make(request.tree().toRealPath(), request.image(), makeTime, files.file(imageName));
  }

  /** The snapshot itself, if it was published with this tree. */
  private Snapshot sameAsListed(String tree) throws IOException, PublishException {
    if (!treeOf(snapshot).equals(Optional.of(tree))) {
      throw new PublishException(
          snapshot
              + " is published already, with other content; choose another version for this tree");
    }
    return snapshot;
  }

  /** The current snapshot, if its image lies here as it should and is of this tree. */
  private Optional<Snapshot> unchangedSince(String tree) throws IOException, PublishException {
    Optional<Snapshot> current = index.current(snapshot.repository());
    if (current.isEmpty() || !treeOf(current.get()).equals(Optional.of(tree))) {
      return Optional.empty();
    }
    Path image = request.mirror().resolve(current.get().imageName());
    boolean sound =
        Files.isRegularFile(image)
            && index.digest(current.get().imageName()).equals(Optional.of(Digests.sha512(image)));
    return sound ? current : Optional.empty();
  }

  private Optional<String> treeOf(Snapshot published) throws IOException {
    Path image = request.mirror().resolve(published.imageName());
    Optional<String> known = state.tree(published.imageName());
    return known.isEmpty() && Files.isRegularFile(image)
        ? Optional.of(Digests.ofTree(image))
        : known;
  }

  private Publication unchanged(Snapshot same) throws IOException {
    long size = Files.size(files.file(imageName));
    List<String> removed = commit.tidy(state, index::lists);
    return new Publication(
        same, false, size, List.of(), List.of(), List.of(), removed, index.signer());
  }

  private void stage(String tree, List<Snapshot> bases)
      throws IOException, PublishException, InterruptedException {
    files.add(imageName);
    if (process(List.of(imageName)).contains(imageName)) {
      state = state.withTree(imageName, tree);
      checkImage();
    }
    String image = files.digests(imageName).sha512();
    checkNotAnother(image);
    List<String> before = files.names();
    makeBlockIndex();
    deltas.make(bases);
    List<String> more = new ArrayList<>(files.names());
    more.removeAll(before);
    deltas.proveAgain(process(more));
    if (!files.digests(imageName).sha512().equals(image)) {
      throw new PublishException(
          imageName
              + ": the command of --post-process changed it when it was run for another file, after"
              + " the deltas to it were made; have it change the file only that it is given");
    }
  }

  private List<String> process(List<String> names)
      throws IOException, PublishException, InterruptedException {
    if (request.postProcess().isEmpty()) {
      return List.of();
    }
    List<String> changed =
        new PostProcess(request.postProcess().get(), snapshot, listener).run(files, names);
    for (String name : changed) {
      checkFree(name);
    }
    return changed;
  }

  /** A file that clients may be fetching can't become another one, nor one that is somebody's. */
  private void checkFree(String name) throws PublishException {
    Optional<String> listed = index.digest(name);
    boolean same = listed.equals(Optional.of(files.digests(name).sha512()));
    boolean taken = listed.isPresent() ? !same : isForeign(name);
    if (name.equals(MirrorIndex.NAME) || taken) {
      throw new PublishException(
          name
              + ": the command of --post-process made it, but the mirror has a file of that name;"
              + " have it take another name");
    }
  }

  private void checkImage() throws PublishException, IOException {
    try (SquashFsImage image = SquashFsImage.open(files.file(imageName))) {
      listener.note(image.path().getFileName() + " was changed by the command of --post-process");
    } catch (CorruptImageException e) {
      throw new PublishException(
          imageName
              + ": the command of --post-process made it unreadable, so nothing is published: "
              + e.getMessage(),
          e);
    }
  }

  private void makeBlockIndex() throws IOException, PublishException {
    String name = BlockIndex.nameFor(imageName);
    if (PathBytes.isTooLong(name) || index.lists(name)) {
      listener.note(name + ": too long for a file's name, or taken, so no block index is made");
      return;
    }
    listener.progress(Step.BLOCK_INDEX, 0, 1);
    Files.write(files.file(name), BlockIndex.of(files.file(imageName)).bytes());
    files.add(name);
    listener.progress(Step.BLOCK_INDEX, 1, 1);
  }

  private Publication publish()
      throws IOException, PublishException, KeyException, IndexException, UntrustedIndexException {
    List<String> all = new ArrayList<>(index.listed());
    all.removeAll(files.names());
    all.addAll(files.names());
    Retention retention =
        new Retention(snapshot, request.retention(), request.deltas(), commit.facts(files));
    Set<String> unlisted = retention.unlisted(all, now);
    unlisted.removeAll(files.names());
    byte[] bytes = index.with(files.listing(), unlisted, snapshot);
    state =
        commit
            .publish(state, bytes, files.names(), unlisted)
            .withImages(Map.of(imageName, files.digests(imageName).sha512()));
    List<String> removed =
        commit.tidy(
            state,
            name ->
                files.names().contains(name) || (index.lists(name) && !unlisted.contains(name)));
    return new Publication(
        snapshot,
        true,
        files.digests(imageName).size(),
        files.names(),
        deltas.published(),
        List.copyOf(unlisted),
        removed,
        index.signer());
  }
}
