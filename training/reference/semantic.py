"""One image through a semantic model: the class of every pixel, and the connected regions of each class."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from training.metrics.masks import CroppedMask

from .letterbox import Letterbox, place
from .manifest import Manifest, Semantic
from .pixels import load_samples


@dataclass(frozen=True)
class FoundRegion:
    """A connected part (8-neighbourhood) of one class."""

    class_name: str
    centroid: tuple[float, float]
    """Mean of the pixel centres, (x, y) in image pixels."""
    mask: CroppedMask


@dataclass(frozen=True)
class SemanticInspection:
    """What was found on an image of `width` x `height` pixels."""

    width: int
    height: int
    regions: list[FoundRegion]


class SemanticPipeline:
    """Segment on whole images, with a folded network and a package's manifest."""

    def __init__(self, network: nn.Module, manifest: Manifest):
        self._network = network
        self._manifest = manifest

    @property
    def manifest(self) -> Manifest:
        """The manifest that the pipeline follows."""
        return self._manifest

    def best(self, path: Path) -> SemanticInspection:
        """All that the model can do."""
        return self.segment(path)

    def segment(self, path: Path) -> SemanticInspection:
        """The regions of an image file."""
        logits, letterbox = self.logits(path)
        regions = found_regions(logits, letterbox, self._manifest.classes, self._manifest.semantic)
        return SemanticInspection(letterbox.image_width, letterbox.image_height, regions)

    @torch.no_grad()
    def logits(self, path: Path) -> tuple[np.ndarray, Letterbox]:
        """What the network says of an image file, [classes, height, width], and where the image lies in it."""
        network_input = self._manifest.input
        samples = load_samples(path, network_input.channels)
        letterbox = Letterbox.fit(samples.shape[2], samples.shape[1], network_input)
        return self._network(place(samples, letterbox, network_input))[0].numpy(), letterbox


def found_regions(
    logits: np.ndarray, letterbox: Letterbox, names: tuple[str, ...], semantic: Semantic
) -> list[FoundRegion]:
    """The regions of an image from the network's logits [classes, height, width], which are left as they are."""
    logits = logits.copy()
    logits[semantic.background_class] += np.float32(semantic.background_offset)
    regions = connected_regions(image_classes(logits, letterbox), names, semantic.background_class)
    return [region for region in regions if region.mask.area >= semantic.min_region_area]


def label_map(logits: np.ndarray, letterbox: Letterbox, names: tuple[str, ...], semantic: Semantic) -> np.ndarray:
    """What `found_regions` finds as uint8 [image height, image width]: index into `names`, the background elsewhere."""
    label = np.full((letterbox.image_height, letterbox.image_width), semantic.background_class, np.uint8)
    for region in found_regions(logits, letterbox, names, semantic):
        mask = region.mask
        height, width = mask.pixels.shape
        label[mask.y : mask.y + height, mask.x : mask.x + width][mask.pixels] = names.index(region.class_name)
    return label


def image_classes(logits: np.ndarray, letterbox: Letterbox) -> np.ndarray:
    """int64 [image height, image width]: the class of the network pixel that holds each image pixel's centre.

    logits: [classes, height, width]; among equal ones the first class.
    """
    content = logits[
        :, letterbox.top : letterbox.top + letterbox.height, letterbox.left : letterbox.left + letterbox.width
    ].argmax(0)
    rows, columns = (
        # floor((i + 0.5) * network / image) in whole numbers, so that no rounding decides.
        (2 * np.arange(image) + 1) * network // (2 * image)
        for network, image in ((letterbox.height, letterbox.image_height), (letterbox.width, letterbox.image_width))
    )
    return content[np.ix_(rows, columns)]


def connected_regions(classes: np.ndarray, names: tuple[str, ...], background: int) -> list[FoundRegion]:
    """The regions of a class map [H, W]: by class, then by area, largest first, then by their first pixel."""
    regions = []
    for class_index in np.setdiff1d(np.unique(classes), [background]):
        own = (classes == class_index).astype(np.uint8)
        count, labels, boxes, centers = cv2.connectedComponentsWithStats(own, connectivity=8)
        first = [int((labels == label).argmax()) for label in range(count)]
        for label in sorted(range(1, count), key=lambda part: (-boxes[part, cv2.CC_STAT_AREA], first[part])):
            x, y, width, height, _ = (int(value) for value in boxes[label])
            mask = CroppedMask(x, y, labels[y : y + height, x : x + width] == label)
            center = (float(centers[label, 0]) + 0.5, float(centers[label, 1]) + 0.5)
            regions.append(FoundRegion(names[class_index], center, mask))
    return regions
