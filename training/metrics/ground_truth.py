"""Ground truth from a COCO annotation file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np

from . import masks
from .instances import Instances


@dataclass(frozen=True)
class GroundTruth:
    """The annotated objects of a set of images."""

    classes: tuple[str, ...]
    """Names by class index, in the order of the category ids."""
    images: dict[str, Instances]
    """By image name without its extension, so that other encodings of an image match too."""
    sizes: dict[str, tuple[int, int]]
    """(width, height) of each image in pixels."""
    files: dict[str, str]
    """File name of each image as the annotation file gives it."""


def load_ground_truth(path: Path, wanted: Callable[[str], bool] = lambda file_name: True) -> GroundTruth:
    """Reads those images of a COCO file, masks as run lengths, whose file name is `wanted`.

    Raises `ValueError` where two images share a name, or none is wanted.
    """
    document = json.loads(Path(path).read_text())
    categories = sorted(document["categories"], key=lambda category: category["id"])
    class_index = {category["id"]: index for index, category in enumerate(categories)}
    annotations: dict[int, list[dict]] = {image["id"]: [] for image in document["images"]}
    for annotation in document["annotations"]:
        annotations[annotation["image_id"]].append(annotation)
    images, sizes, files = {}, {}, {}
    for image in filter(lambda entry: wanted(entry["file_name"]), document["images"]):
        name = Path(image["file_name"]).stem
        if name in images:
            raise ValueError(f"{path}: two images are named {name}")
        images[name] = _instances(annotations[image["id"]], class_index)
        sizes[name] = (image["width"], image["height"])
        files[name] = image["file_name"]
    if not images:
        raise ValueError(f"{path}: none of its {len(document['images'])} images is wanted")
    return GroundTruth(tuple(category["name"] for category in categories), images, sizes, files)


def _instances(annotations: list[dict], class_index: dict[int, int]) -> Instances:
    corners = [[x, y, x + width, y + height] for x, y, width, height in (entry["bbox"] for entry in annotations)]
    return Instances(
        np.array(corners, np.float64).reshape(-1, 4),
        np.array([class_index[entry["category_id"]] for entry in annotations], np.int64),
        np.ones(len(annotations)),
        [_mask(entry["segmentation"]) for entry in annotations],
    )


def _mask(segmentation: dict) -> masks.CroppedMask:
    height, width = segmentation["size"]
    return masks.from_rle(segmentation["counts"], height, width)
