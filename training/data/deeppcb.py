"""DeepPCB boards with masks, from $YMASKNET_DATA/deeppcb."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

CLASSES = ("open", "short", "mousebite", "spur", "copper", "pin-hole")
HOLDOUT_PERCENT = 6


@dataclass(frozen=True)
class Board:
    """One board with its defects."""

    name: str
    """File name of the image."""
    image: np.ndarray
    """uint8 [H, W], 0 copper and 255 laminate."""
    template: np.ndarray | None
    """The board without its defects, uint8 [H, W]; test boards have none."""
    label_map: np.ndarray
    """uint8 [H, W]: 0 background, k the defect of row k - 1."""
    boxes: np.ndarray
    """float32 [K, 4]: x1, y1, x2, y2 in pixels."""
    classes: np.ndarray
    """int64 [K], index into `CLASSES`."""


def dataset_root() -> Path:
    """The folder of the data set. Raises `RuntimeError` where YMASKNET_DATA is not set."""
    data = os.environ.get("YMASKNET_DATA")
    if not data:
        raise RuntimeError("YMASKNET_DATA is not set: name the folder that holds deeppcb/")
    return Path(data) / "deeppcb"


def is_held_out(name: str) -> bool:
    """Whether a train board is kept for choosing thresholds: about 6 %, fixed by the file name alone."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HOLDOUT_PERCENT


def load_boards(root: Path, part: str) -> list[Board]:
    """The boards of "train" (without the held-out ones), "holdout" or "test_open", in the annotation file's order."""
    split = "test_open" if part == "test_open" else "train"
    annotations = json.loads((root / f"{split}.json").read_text())
    defects: dict[int, list[dict]] = {image["id"]: [] for image in annotations["images"]}
    for defect in annotations["annotations"]:
        defects[defect["image_id"]].append(defect)
    wanted = {"train": lambda name: not is_held_out(name), "holdout": is_held_out, "test_open": lambda name: True}[part]
    return [
        _load_board(root, image["file_name"], defects[image["id"]], with_template=split == "train")
        for image in annotations["images"]
        if wanted(image["file_name"])
    ]


def decode_rle(counts: list[int], height: int, width: int) -> np.ndarray:
    """Uncompressed COCO run lengths (column by column, background first) to bool [height, width]."""
    values = np.arange(len(counts)) % 2 == 1
    return np.repeat(values, counts).reshape(width, height).T


def _load_board(root: Path, name: str, defects: list[dict], with_template: bool) -> Board:
    image = _read_grey(root / "images" / name)
    template = _read_grey(root / "templates" / name) if with_template else None
    label_map = np.zeros(image.shape, np.uint8)
    for index, defect in enumerate(defects):
        label_map[decode_rle(defect["segmentation"]["counts"], *image.shape)] = index + 1
    corners = [[x, y, x + width, y + height] for x, y, width, height in (defect["bbox"] for defect in defects)]
    return Board(
        name,
        image,
        template,
        label_map,
        np.array(corners, np.float32).reshape(-1, 4),
        np.array([defect["category_id"] - 1 for defect in defects], np.int64),
    )


def _read_grey(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise FileNotFoundError(f"no readable image at {path}")
    return image
