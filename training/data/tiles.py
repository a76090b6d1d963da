"""Magnetic tiles with defect masks, from $YMASKNET_DATA/magnetic-tile."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from training.data.tile_families import families, held_out

CLASSES = ("background", "Blowhole", "Break", "Crack", "Fray", "Uneven")
"""The index is the value of a pixel of such a defect in a label map."""
FREE = "Free"
"""The kind of a tile without defects."""
IGNORED = 255
"""The value of a pixel of a label map that is neither learned nor judged."""


@dataclass(frozen=True)
class Tile:
    """One picture of a tile. Its defects are all of one kind."""

    name: str
    """File name of the image."""
    image: np.ndarray
    """uint8 [H, W], grey."""
    label: np.ndarray
    """uint8 [H, W], index into `CLASSES`."""
    kind: int
    """Index into `CLASSES`; 0 for a tile without defects."""
    family: str
    """The same for all pictures that may show the same tile."""


def tiles_root() -> Path:
    """The folder of the data set. Raises `RuntimeError` where YMASKNET_DATA is not set."""
    data = os.environ.get("YMASKNET_DATA")
    if not data:
        raise RuntimeError("YMASKNET_DATA is not set: name the folder that holds magnetic-tile/")
    return Path(data) / "magnetic-tile"


def load_tiles(root: Path, part: str) -> list[Tile]:
    """The tiles of "train" (without the held-out ones), "holdout" or "test_open", in the annotation file's order.

    Train tiles of a defective kind whose mask is empty are left out: they would teach that their defect is none.
    """
    split = "test_open" if part == "test_open" else "train"
    entries = json.loads((root / f"{split}.json").read_text())
    family_of = families(entries)
    if split == "train":
        kept_back = held_out(entries, family_of)
        entries = [entry for entry in entries if (family_of[entry["image"]] in kept_back) == (part == "holdout")]
        entries = [entry for entry in entries if entry["cls"] == FREE or entry["mask_px"] > 0]
    return [load_tile(root, entry, family_of[entry["image"]]) for entry in entries]


def load_tile(root: Path, entry: dict, family: str = "") -> Tile:
    """The tile of an entry of an annotation file that lies beside images/ and masks/."""
    kind = 0 if entry["cls"] == FREE else CLASSES.index(entry["cls"])
    image = _read_grey(root / "images" / entry["image"])
    mask = _read_grey(root / "masks" / entry["mask"])
    if image.shape != mask.shape:
        raise ValueError(f"{entry['image']} is {image.shape} pixels, its mask {mask.shape}")
    return Tile(entry["image"], image, np.where(mask > 127, kind, 0).astype(np.uint8), kind, family)


def _read_grey(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise FileNotFoundError(f"no readable image at {path}")
    return image
