"""Masks cut to their bounding rectangle, so that hundreds per image stay cheap."""

from dataclasses import dataclass

import numpy as np

from . import rle


@dataclass(frozen=True)
class CroppedMask:
    """A mask's tight bounding rectangle: `pixels`, bool [h, w], whose top-left pixel lies at (x, y) in the image."""

    x: int
    y: int
    pixels: np.ndarray

    @property
    def area(self) -> int:
        """Number of pixels in the mask."""
        return int(np.count_nonzero(self.pixels))


EMPTY = CroppedMask(0, 0, np.zeros((0, 0), bool))


def crop(mask: np.ndarray, x: int = 0, y: int = 0) -> CroppedMask:
    """Cuts a mask [h, w], whose top-left pixel lies at (x, y) in the image, to what is set in it."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if len(rows) == 0:
        return EMPTY
    top, left = int(rows[0]), int(columns[0])
    return CroppedMask(x + left, y + top, mask[top : rows[-1] + 1, left : columns[-1] + 1])


def from_box(box: np.ndarray, width: int, height: int) -> CroppedMask:
    """The filled box (x1, y1, x2, y2) on an image of that size: the pixels whose centres lie in it."""
    left, top, right, bottom = (int(edge) for edge in np.ceil(np.asarray(box, np.float64) - 0.5))
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        return EMPTY
    return CroppedMask(left, top, np.ones((bottom - top, right - left), bool))


def from_rle(counts: str | list[int], height: int, width: int) -> CroppedMask:
    """A mask from COCO run lengths, without building the whole image."""
    runs = rle.run_lengths(counts)
    ends = np.cumsum(runs)
    if len(runs) == 0 or ends[-1] != height * width:
        covered = int(ends[-1]) if len(runs) else 0
        raise ValueError(f"runs cover {covered} pixels, the image has {height} x {width}")
    set_runs = np.flatnonzero(runs[1::2]) * 2 + 1
    if len(set_runs) == 0:
        return EMPTY
    first_column = int(ends[set_runs[0] - 1]) // height
    last_column = (int(ends[set_runs[-1]]) - 1) // height
    start, stop = first_column * height, (last_column + 1) * height
    local = np.diff(np.clip(np.concatenate([[0], ends]), start, stop))
    columns = np.repeat(np.arange(len(runs)) % 2 == 1, local).reshape(-1, height)
    return crop(columns.T, first_column)


def to_rle(mask: CroppedMask, height: int, width: int) -> list[int]:
    """COCO run lengths of a mask over the whole image."""
    full = np.zeros((height, width), bool)
    mask_height, mask_width = mask.pixels.shape
    full[mask.y : mask.y + mask_height, mask.x : mask.x + mask_width] = mask.pixels
    return rle.encode(full)


def intersection(first: CroppedMask, second: CroppedMask) -> int:
    """Number of pixels in both masks."""
    left, top = max(first.x, second.x), max(first.y, second.y)
    right = min(first.x + first.pixels.shape[1], second.x + second.pixels.shape[1])
    bottom = min(first.y + first.pixels.shape[0], second.y + second.pixels.shape[0])
    if left >= right or top >= bottom:
        return 0
    return int(np.count_nonzero(_window(first, left, top, right, bottom) & _window(second, left, top, right, bottom)))


def iou(first: CroppedMask, second: CroppedMask) -> float:
    """Intersection over union; 0 where both are empty."""
    common = intersection(first, second)
    union = first.area + second.area - common
    return common / union if union else 0.0


def difference(first: CroppedMask, second: CroppedMask) -> int:
    """Number of pixels in exactly one of the masks."""
    return first.area + second.area - 2 * intersection(first, second)


def pairwise_iou(first: list[CroppedMask], second: list[CroppedMask]) -> np.ndarray:
    """IoU of every mask of `first` with every one of `second`: [M, K]."""
    table = np.zeros((len(first), len(second)))
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            table[row, column] = iou(one, other)
    return table


def _window(mask: CroppedMask, left: int, top: int, right: int, bottom: int) -> np.ndarray:
    return mask.pixels[top - mask.y : bottom - mask.y, left - mask.x : right - mask.x]
