package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All layers of a union, open. Closing gives back what is open; images stay their owner's. */
final class Layers implements AutoCloseable {
  private static final int MOST = 200;

  private final Posix posix;
  private final Descriptors descriptors;
  private final List<Lower> roots = new ArrayList<>();
  private final List<Lower> dataRoots = new ArrayList<>();
  private final List<DirectoryLayer> directories = new ArrayList<>();
  private final LayerIds unmarked;
  private @Nullable Upper upper;

  private Layers(Posix posix, Descriptors descriptors, LayerIds unmarked) {
    this.unmarked = unmarked;
    this.posix = posix;
    this.descriptors = descriptors;
  }

  /**
   * Opens layers.
   *
   * @param lowers topmost first
   * @param forced the form of the upper; null for the best that is possible
   */
  static Layers open(
      Posix posix,
      List<LowerLayer> lowers,
      @Nullable UpperLayer upperLayer,
      @Nullable UpperForm forced,
      DamageLog log)
      throws UnionException {
    if (lowers.size() > MOST || lowers.isEmpty()) {
      throw new UnionException("a union has 1 to " + MOST + " lower layers, not " + lowers.size());
    }
    LayerNumbering numbering = new LayerNumbering(lowers);
    Descriptors descriptors = new Descriptors(posix, descriptorLimit(posix));
    Layers layers = new Layers(posix, descriptors, numbering.unmarked());
    try {
      for (int i = 0; i < lowers.size(); i++) {
        layers.addLower(lowers.get(i), numbering.ids(i), log);
      }
      if (layers.roots.isEmpty()) {
        throw new UnionException("all lower layers have data only; give one that shows something");
      }
      if (upperLayer != null) {
        layers.addUpper(upperLayer, forced);
      }
      return layers;
    } catch (UnionException e) {
      layers.close();
      throw e;
    }
  }

  private void addUpper(UpperLayer layer, @Nullable UpperForm forced) throws UnionException {
    Upper opened = openUpper(layer, forced);
    upper = opened;
    try {
      if (opened.xattrs() == OverlayXattrs.PRIVILEGED) {
        new SharedNumbers(roots).share();
      }
    } catch (ErrnoException e) {
      throw new UnionException("can't read a lower layer: " + e.getMessage());
    }
  }

  /** A quarter of what may be open: the rest is for openings and for nodes without a name. */
  private static int descriptorLimit(Posix posix) {
    try {
      return (int) Math.clamp(posix.processes().raiseOpenFiles() / 4, 64, 8192);
    } catch (ErrnoException e) {
      return 64;
    }
  }

  private void addLower(LowerLayer layer, LayerIds ids, DamageLog log) throws UnionException {
    try {
      if (layer instanceof LowerLayer.DataOnly data) {
        dataRoots.add(root(data.layer(), ids, log));
      } else if (dataRoots.isEmpty()) {
        roots.add(root(layer, ids, log));
      } else {
        throw new UnionException(
            "lower layer " + layer + " lies under one that has data only; name those last");
      }
    } catch (ErrnoException e) {
      throw new UnionException("can't use lower layer " + layer + ": " + e.getMessage());
    }
  }

  private Lower root(LowerLayer layer, LayerIds ids, DamageLog log)
      throws ErrnoException, UnionException {
    return switch (layer) {
      case LowerLayer.Image image -> {
        ImageReading reading = new ImageReading(image, log);
        yield ImageLower.of(reading, ids, reading.root());
      }
      case LowerLayer.Directory directory -> {
        DirectoryLayer opened = DirectoryLayer.open(posix, descriptors, ids, directory.path());
        directories.add(opened);
        yield opened.root();
      }
      case LowerLayer.DataOnly data -> root(data.layer(), ids, log);
    };
  }

  private Upper openUpper(UpperLayer layer, @Nullable UpperForm forced) throws UnionException {
    UpperDirectories opened = UpperDirectories.open(posix, layer.upper(), layer.work());
    try {
      UpperBase base = new UpperBase(posix, opened.root(), layer.upper());
      byte[] recorded = base.read();
      byte[] record = layer.base().check(recorded);
      WorkDirectory work = new WorkDirectory(posix, opened.work());
      checkFit(layer, work);
      work.clean();
      UpperForm form =
          forced != null
              ? forced
              : new UpperProbe(posix, work, opened.root(), layer.upper())
                  .probe(layer.features().userXattrs());
      base.write(record, recorded, form.xattrs() == OverlayXattrs.PRIVILEGED);
      new IndexOwner(posix, opened.root(), opened.index(), form.xattrs(), layer.work()).check();
      new IndexedLayers(posix, opened.index(), form.xattrs(), unmarked).update(all());
      Upper made = made(opened, form, layer.features(), work);
      made.indexedByKernel(new LinkIndex(posix, made).clean(unmarked));
      return made;
    } catch (ErrnoException e) {
      opened.close();
      throw new UnionException("can't read the index in " + layer.work() + ": " + e.getMessage());
    } catch (UnionException e) {
      opened.close();
      throw e;
    }
  }

  private static void checkFit(UpperLayer layer, WorkDirectory work)
      throws ErrnoException, UnionException {
    if (work.isUnfit()) {
      throw new UnionException(
          "upper "
              + layer.upper()
              + " was mounted by kernel overlayfs with -o volatile, and that was cut off, so files"
              + " may be damaged: throw it away, or remove "
              + layer.work().resolve("work/incompat")
              + " to take it as it is");
    }
  }

  private Upper made(
      UpperDirectories opened, UpperForm form, UpperFeatures features, WorkDirectory work)
      throws ErrnoException {
    LinkOwners links = form.overrides() ? new LinkOwners(posix, opened.openLinks()) : null;
    Settling settling = Settling.on(posix, opened.root());
    return new Upper(posix, opened, form, features, settling, work, links, descriptors);
  }

  /** The tree that they make. */
  Tree tree(long lifetime) throws UnionException {
    Node root = Node.root(List.copyOf(roots));
    if (upper != null) {
      try {
        root.inUpper = true;
        root.dataInUpper = true;
        root.upperInode = Upper.inodeAt(upper.rootPlace());
      } catch (ErrnoException e) {
        throw new UnionException("can't read the upper: " + e.getMessage());
      }
    }
    LowerMerge merge = new LowerMerge(List.copyOf(roots), List.copyOf(dataRoots), unmarked);
    return new Tree(posix, upper, merge, root, lifetime);
  }

  private List<Lower> all() {
    return Stream.concat(roots.stream(), dataRoots.stream()).toList();
  }

  Descriptors descriptors() {
    return descriptors;
  }

  @Override
  public void close() {
    descriptors.closeAll();
    directories.forEach(DirectoryLayer::close);
    if (upper != null) {
      upper.close();
    }
  }
}
