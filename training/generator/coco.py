"""Writes boards as a COCO data set, in the form of the DeepPCB annotations."""

from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from training.generator.boards import GeneratedBoard, Look

CATEGORIES = ("open", "short", "mousebite", "spur", "copper", "pin-hole")
"""Names of category 1 to 6."""
JPEG_QUALITY = 90


class Encoding(Enum):
    """File formats of a board's picture."""

    PNG = "png"
    """8-bit grey, or 1-bit for a binary board."""
    PNG16 = "png16"
    """16-bit grey over the full range."""
    JPEG = "jpeg"
    """8-bit grey at quality 90."""


def write_image(path: Path, board: GeneratedBoard, encoding: Encoding) -> None:
    """Writes the picture. Raises `OSError` where it cannot be written."""
    image, options = board.image, []
    if encoding == Encoding.JPEG:
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    elif encoding == Encoding.PNG16:
        image = image.astype(np.uint16) * 257
    elif board.look == Look.BINARY:
        options = [cv2.IMWRITE_PNG_BILEVEL, 1]
    if encoding != Encoding.JPEG:
        options += [cv2.IMWRITE_PNG_COMPRESSION, 9]
    if not cv2.imwrite(str(path), image, options):
        raise OSError(f"cannot write {path}")


def image_suffix(encoding: Encoding) -> str:
    return ".jpg" if encoding == Encoding.JPEG else ".png"


class CocoFile:
    """Collects the annotations of boards; `content` is what the JSON file holds."""

    def __init__(self, description: str):
        self._images: list[dict] = []
        self._annotations: list[dict] = []
        self._description = description

    def add(self, board: GeneratedBoard, file_name: str) -> None:
        """Adds a board and its defects. `file_name` is relative to the folder of images."""
        height, width = board.image.shape
        image_id = len(self._images) + 1
        self._images.append(
            {
                "id": image_id,
                "file_name": file_name,
                "width": width,
                "height": height,
                "seed": board.seed,
                "look": board.look.value,
            }
        )
        for index, (kind, box) in enumerate(zip(board.kinds, board.boxes.tolist())):
            mask = board.label_map == index + 1
            self._annotations.append(
                {
                    "id": len(self._annotations) + 1,
                    "image_id": image_id,
                    "category_id": int(kind) + 1,
                    "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]],
                    "area": int(mask.sum()),
                    "iscrowd": 0,
                    "segmentation": {"size": [height, width], "counts": encode_rle(mask)},
                }
            )

    @property
    def content(self) -> dict:
        return {
            "info": {"description": self._description},
            "images": self._images,
            "annotations": self._annotations,
            "categories": [{"id": index + 1, "name": name} for index, name in enumerate(CATEGORIES)],
        }


def encode_rle(mask: np.ndarray) -> list[int]:
    """bool [H, W] to uncompressed COCO run lengths: column by column, background first."""
    flat = mask.T.reshape(-1)
    changes = np.flatnonzero(np.diff(flat)) + 1
    edges = np.concatenate([[0], changes, [flat.size]])
    runs = np.diff(edges).tolist()
    return [0, *runs] if flat[0] else runs
