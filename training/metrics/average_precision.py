"""COCO's average precision: 101 recall points, IoU .50 to .95, greedy matching, at most 100 detections per class."""

from dataclasses import dataclass

import numpy as np

from .instances import Instances, box_areas, pairwise_box_iou
from .masks import pairwise_iou

IOU_THRESHOLDS = np.linspace(0.5, 0.95, 10)
RECALL_POINTS = np.linspace(0.0, 1.0, 101)
MAX_DETECTIONS = 100
SMALL_AREA = 32.0**2
"""Largest box area of a small object in square pixels."""

TRUE_POSITIVE, FALSE_POSITIVE, IGNORED = 1, 0, -1


@dataclass(frozen=True)
class AveragePrecision:
    """AP by class and IoU threshold; a class without ground truth is NaN and left out of the means."""

    table: np.ndarray
    """[classes, 10]"""

    def at(self, threshold_index: int) -> float:
        """Mean over the classes at one of `IOU_THRESHOLDS`."""
        return float(np.nanmean(self.table[:, threshold_index]))

    @property
    def at_50(self) -> float:
        """AP at IoU 0.50."""
        return self.at(0)

    @property
    def at_75(self) -> float:
        """AP at IoU 0.75."""
        return self.at(5)

    @property
    def mean(self) -> float:
        """AP averaged over IoU 0.50 to 0.95."""
        return float(np.nanmean(self.table))


def average_precision(
    predictions: list[Instances],
    truths: list[Instances],
    class_count: int,
    use_masks: bool = False,
    small_only: bool = False,
) -> AveragePrecision:
    """AP of `predictions` against `truths`, image by image in the same order.

    use_masks: overlap is that of the masks instead of the boxes. small_only: as in COCO, larger true objects and
    unmatched larger detections count neither for nor against; the area is the box's.
    """
    table = np.full((class_count, len(IOU_THRESHOLDS)), np.nan)
    for class_index in range(class_count):
        table[class_index] = _class_average_precision(predictions, truths, class_index, use_masks, small_only)
    return AveragePrecision(table)


def _class_average_precision(predictions, truths, class_index, use_masks, small_only) -> np.ndarray:
    scores, outcomes, positives = [], [], 0
    for predicted, true in zip(predictions, truths, strict=True):
        true_rows = np.flatnonzero(true.classes == class_index)
        rows = np.flatnonzero(predicted.classes == class_index)
        rows = rows[np.argsort(-predicted.scores[rows], kind="stable")][:MAX_DETECTIONS]
        ignored = np.zeros(len(true_rows), bool)
        outside = np.zeros(len(rows), bool)
        if small_only:
            ignored = box_areas(true.boxes[true_rows]) > SMALL_AREA
            outside = box_areas(predicted.boxes[rows]) > SMALL_AREA
        positives += int(np.count_nonzero(~ignored))
        overlap = _overlap(predicted, rows, true, true_rows, use_masks)
        outcome = np.stack([match(overlap, ignored, threshold) for threshold in IOU_THRESHOLDS])
        outcome[(outcome == FALSE_POSITIVE) & outside] = IGNORED
        scores.append(predicted.scores[rows])
        outcomes.append(outcome)
    if positives == 0:
        return np.full(len(IOU_THRESHOLDS), np.nan)
    order = np.argsort(-np.concatenate(scores), kind="stable")
    sorted_outcomes = np.concatenate(outcomes, 1)[:, order]
    return np.array([_interpolated(row[row != IGNORED], positives) for row in sorted_outcomes])


def _overlap(predicted: Instances, rows, true: Instances, true_rows, use_masks: bool) -> np.ndarray:
    boxes = pairwise_box_iou(predicted.boxes[rows], true.boxes[true_rows])
    if not use_masks:
        return boxes
    return pairwise_iou([predicted.masks[row] for row in rows], [true.masks[row] for row in true_rows])


def match(overlap: np.ndarray, ignored: np.ndarray, threshold: float) -> np.ndarray:
    """COCO's greedy matching of one image and class at one IoU threshold.

    overlap: [D, G], detections by falling score; ignored: [G]. Each detection takes the free true object that it
    overlaps most, the last among equals, ignored ones only where no other reaches the threshold. Returns, per
    detection, `TRUE_POSITIVE`, `FALSE_POSITIVE` or `IGNORED`.
    """
    outcome = np.full(len(overlap), FALSE_POSITIVE)
    if overlap.size == 0:
        return outcome
    taken = np.zeros(overlap.shape[1], bool)
    limit = min(threshold, 1 - 1e-10)
    for row in np.flatnonzero(overlap.max(1) >= limit):
        for group, result in ((~ignored, TRUE_POSITIVE), (ignored, IGNORED)):
            candidates = np.where(group & ~taken, overlap[row], -1.0)
            best = len(candidates) - 1 - int(candidates[::-1].argmax())
            if candidates[best] >= limit:
                taken[best] = True
                outcome[row] = result
                break
    return outcome


def _interpolated(outcome: np.ndarray, positives: int) -> float:
    """Mean, over the recall points, of the best precision at that recall or above; detections by falling score."""
    true_positives = np.cumsum(outcome == TRUE_POSITIVE)
    recall = true_positives / positives
    precision = true_positives / np.arange(1, len(outcome) + 1)
    best_precision = np.maximum.accumulate(precision[::-1])[::-1]
    position = np.searchsorted(recall, RECALL_POINTS, side="left")
    reached = position < len(outcome)
    return float(best_precision[position[reached]].sum() / len(RECALL_POINTS))
