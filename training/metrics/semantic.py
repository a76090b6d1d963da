"""How well label maps agree with the true ones, from counts of pixels that add up over images."""

from dataclasses import astuple, dataclass
from typing import Sequence

import numpy as np


@dataclass(frozen=True)
class PixelCounts:
    """Counts of pixels by image, N images and K kinds of defects; or, added up, by resample of the images."""

    common: np.ndarray
    """int64 [N, K]: of the kind in both maps."""
    predicted: np.ndarray
    """int64 [N, K]"""
    true: np.ndarray
    """int64 [N, K]"""
    common_any: np.ndarray
    """int64 [N]: defective, of whatever kind, in both maps."""
    free: np.ndarray
    """int64 [N]: 1 for an image without defects."""
    marked: np.ndarray
    """int64 [N]: 1 for an image without defects on which anything is marked."""

    def weighted(self, weights: np.ndarray) -> "PixelCounts":
        """Sums over the images, which each of R resamples counts `weights[R, N]` times."""
        return PixelCounts(*(weights @ by_image for by_image in astuple(self)))


def count_pixels(
    predicted: Sequence[np.ndarray], true: Sequence[np.ndarray], free: Sequence[bool], kinds: int
) -> PixelCounts:
    """Counts the label maps uint8 [H, W], 0 for background and 1..kinds, of each image.

    free: whether an image is one without defects; a defect that nobody outlined does not make it one.
    """
    rows = [_count_image(one, other, kinds) for one, other in zip(predicted, true, strict=True)]
    without = np.array(free, np.int64)
    marked = without * np.array([label.any() for label in predicted], np.int64)
    tables = np.array([row[:3] for row in rows], np.int64).reshape(-1, 3, kinds)
    common_any = np.array([row[3] for row in rows], np.int64)
    return PixelCounts(tables[:, 0], tables[:, 1], tables[:, 2], common_any, without, marked)


def semantic_figures(counts: PixelCounts, kinds: Sequence[str], weights: np.ndarray) -> dict[str, np.ndarray]:
    """Figures by name, each [R], of R resamples that count the images `weights[R, N]` times; NaN where there is none.

    iou.KIND: intersection over union of the kind's pixels, pooled over the images; mean_iou: the mean over the kinds
    that occur; defect_dice: Dice of all defects against background, pooled; free_marked: the part of the images without
    defects on which anything is marked.
    """
    sums = counts.weighted(weights)
    iou = _part(sums.common, sums.predicted + sums.true - sums.common)
    known = ~np.isnan(iou)
    return {
        **{f"iou.{kind}": iou[:, index] for index, kind in enumerate(kinds)},
        "mean_iou": _part(np.where(known, iou, 0).sum(1), known.sum(1)),
        "defect_dice": _part(2 * sums.common_any, sums.predicted.sum(1) + sums.true.sum(1)),
        "free_marked": _part(sums.marked, sums.free),
    }


def _count_image(predicted: np.ndarray, true: np.ndarray, kinds: int) -> tuple[list, list, list, int]:
    if predicted.shape != true.shape:
        raise ValueError(f"a label map of {predicted.shape} for an image of {true.shape} pixels")
    # Every pixel's pair of labels as one number; the background's row and column hold what only one map marks.
    pairs = np.bincount((true.astype(np.int64) * (kinds + 1) + predicted).ravel(), minlength=(kinds + 1) ** 2)
    table = pairs.reshape(kinds + 1, kinds + 1)
    common_any = int(table[1:, 1:].sum())
    return table.diagonal()[1:].tolist(), table.sum(0)[1:].tolist(), table.sum(1)[1:].tolist(), common_any


def _part(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)
