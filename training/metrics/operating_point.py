"""Precision, recall and mask overlap at one score threshold."""

from dataclasses import dataclass

import numpy as np

from .counts import Counts
from .instances import Instances, box_areas, pairwise_box_iou
from .masks import intersection
from .matches import SMALL_AREA

MATCH_IOU = 0.5


@dataclass(frozen=True)
class OperatingPoint:
    """Counts at a threshold; a prediction is true where its box overlaps a free object of its class with IoU >= 0.5."""

    min_score: float
    true_positives: int
    false_positives: int
    false_negatives: int
    precision: float
    """1 where there are no predictions."""
    recall: float
    """1 where there are no objects."""
    f1: float
    mask_iou: float | None
    """Mean over the true predictions; None without masks or true predictions."""
    mask_dice: float | None


def operating_point(predictions: list[Instances], truths: list[Instances], min_score: float) -> OperatingPoint:
    """Measures the predictions of score >= `min_score`, image by image in the order of `truths`."""
    counts = count(predictions, truths, min_score).weighted(np.ones((1, len(truths)), np.int64))
    outlined = bool(counts.outlined[0])
    return OperatingPoint(
        min_score,
        int(counts.true_positives[0]),
        int(counts.false_positives[0]),
        int(counts.false_negatives[0]),
        float(counts.precision[0]),
        float(counts.recall[0]),
        float(counts.f1[0]),
        float(counts.mask_iou[0]) if outlined else None,
        float(counts.mask_dice[0]) if outlined else None,
    )


def count(
    predictions: list[Instances],
    truths: list[Instances],
    min_score: float,
    min_iou: float = MATCH_IOU,
    small_only: bool = False,
) -> Counts:
    """Counts, by image, of the predictions of score >= `min_score`; a true one overlaps with IoU >= `min_iou`.

    small_only: as in COCO's average precision, larger true objects and unmatched larger predictions count neither for
    nor against; the area is the box's.
    """
    by_image = [
        _count_image(predicted, true, min_score, min_iou, small_only)
        for predicted, true in zip(predictions, truths, strict=True)
    ]
    whole = np.array([numbers for numbers, _ in by_image], np.int64).reshape(-1, 4)
    overlap = np.array([sums for _, sums in by_image], np.float64).reshape(-1, 2)
    return Counts(*whole.T, *overlap.T)


def _count_image(
    predicted: Instances, true: Instances, min_score: float, min_iou: float, small_only: bool
) -> tuple[tuple[int, int, int, int], tuple[float, float]]:
    rows = np.flatnonzero(predicted.scores >= min_score)
    ignored, outside = np.zeros(len(true), bool), np.zeros(len(predicted), bool)
    if small_only:
        ignored, outside = box_areas(true.boxes) > SMALL_AREA, box_areas(predicted.boxes) > SMALL_AREA
    pairs = match_by_score(predicted, true, rows, min_iou, ignored)
    unmatched = np.setdiff1d(rows, [row for row, _ in pairs])
    counted = [(row, true_row) for row, true_row in pairs if not ignored[true_row]]
    false_positives = int(np.count_nonzero(~outside[unmatched]))
    false_negatives = int(np.count_nonzero(~ignored)) - len(counted)
    if predicted.masks is None or true.masks is None:
        return (len(counted), false_positives, false_negatives, 0), (0.0, 0.0)
    iou_sum = dice_sum = 0.0
    for row, true_row in counted:
        mask, true_mask = predicted.masks[row], true.masks[true_row]
        common, areas = intersection(mask, true_mask), mask.area + true_mask.area
        iou_sum += common / max(areas - common, 1)
        dice_sum += 2 * common / max(areas, 1)
    return (len(counted), false_positives, false_negatives, len(counted)), (iou_sum, dice_sum)


def match_by_score(
    predicted: Instances, true: Instances, rows: np.ndarray, min_iou: float, ignored: np.ndarray
) -> list[tuple[int, int]]:
    """Pairs (prediction, true object): by falling score each of `rows` takes the free object that it overlaps most.

    ignored: bool, by true object; such a one is taken only where no other reaches `min_iou`.
    """
    rows = rows[np.argsort(-predicted.scores[rows], kind="stable")]
    if len(rows) == 0 or len(true) == 0:
        return []
    overlap = pairwise_box_iou(predicted.boxes[rows], true.boxes)
    overlap[predicted.classes[rows][:, None] != true.classes[None]] = 0.0
    pairs = []
    for index, row in enumerate(rows):
        for group in (~ignored, ignored):
            best = int((overlap[index] * group).argmax())
            if group[best] and overlap[index, best] >= min_iou:
                pairs.append((int(row), best))
                overlap[:, best] = 0.0
                break
    return pairs
