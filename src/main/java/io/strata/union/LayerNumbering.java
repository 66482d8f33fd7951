package io.strata.union;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers of a union's layers, and their marks in {@link Origin}s. The kernel knows a squashfs
 * by its having no UUID, as long as there is only one: so the only image bears no mark, and then
 * directories do, lest the kernel takes their files for those of the image.
 *
 * @param lowers topmost first
 */
record LayerNumbering(List<LowerLayer> lowers) {
  /** Those of the layer at this place in the list. */
  LayerIds ids(int place) {
    int layer = lowers.size() - 1 - place;
    long images = lowers.stream().filter(LayerNumbering::isImage).count();
    if (isImage(lowers.get(place))) {
      return images == 1 ? LayerIds.ofOnlyImage(layer) : new LayerIds(layer);
    }
    return images == 0 ? new LayerIds(layer) : LayerIds.ofDirectory(layer);
  }

  /** Of which layer an origin without a mark is: of the only image, else of the lowest. */
  LayerIds unmarked() {
    return IntStream.range(0, lowers.size())
        .mapToObj(this::ids)
        .filter(ids -> ids.mark() == 0)
        .findFirst()
        .orElse(new LayerIds(0));
  }

  private static boolean isImage(LowerLayer layer) {
    return switch (layer) {
      case LowerLayer.Image image -> true;
      case LowerLayer.Directory directory -> false;
      case LowerLayer.DataOnly data -> isImage(data.layer());
    };
  }
}
