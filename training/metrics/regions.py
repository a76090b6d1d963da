"""What a semantic model found, as label maps: the regions of `ymasknet inspect --json`."""

from pathlib import Path
from typing import Sequence

import numpy as np

from . import masks
from .predictions import load_by_image


def load_label_maps(path: Path, classes: Sequence[str]) -> dict[str, np.ndarray]:
    """Label maps by image name without its extension. Raises `PredictionFileError`."""
    return load_by_image(path, lambda record: to_label_map(record, classes))


def to_label_map(record: dict, classes: Sequence[str]) -> np.ndarray:
    """One record's regions on its image: uint8 [height, width], index into `classes`, whose first is the background.

    Raises `ValueError` where regions overlap or a mask is not of the image's size.
    """
    if "regions" not in record:
        raise ValueError("it has no regions, so it is not of a semantic model")
    height, width = record["height"], record["width"]
    label = np.zeros((height, width), np.uint8)
    for region in record["regions"]:
        if region["mask"]["size"] != [height, width]:
            raise ValueError(f"a mask of size {region['mask']['size']} on an image of {width} x {height}")
        mask = masks.from_rle(region["mask"]["counts"], height, width)
        window = label[mask.y : mask.y + mask.pixels.shape[0], mask.x : mask.x + mask.pixels.shape[1]]
        if window[mask.pixels].any():
            raise ValueError("regions overlap")
        window[mask.pixels] = classes.index(region["class"])
    return label
