"""Which detections are true: matched image by image, once, for every figure that a precision-recall curve gives."""

from dataclasses import dataclass

import numpy as np

from .instances import Instances, box_areas, pairwise_box_iou
from .masks import pairwise_iou

IOU_THRESHOLDS = np.linspace(0.5, 0.95, 10)
MAX_DETECTIONS = 100
SMALL_AREA = 32.0**2
"""Largest box area of a small object in square pixels."""

TRUE_POSITIVE, FALSE_POSITIVE, IGNORED = 1, 0, -1


@dataclass(frozen=True)
class ClassMatches:
    """The D detections of one class over N images by falling score, equal scores in the order of the images.

    Nothing in it depends on which images are counted together, so a resample of the images is a weighting of it.
    """

    images: np.ndarray
    """int64 [D]: index of the image that a detection stands on."""
    outcomes: np.ndarray
    """int8 [T, D]: what became of it at each IoU threshold; `TRUE_POSITIVE`, `FALSE_POSITIVE` or `IGNORED`."""
    positives: np.ndarray
    """int64 [N]: true objects that count, by image."""


def match_classes(
    predictions: list[Instances],
    truths: list[Instances],
    class_count: int,
    use_masks: bool = False,
    small_only: bool = False,
    thresholds: np.ndarray = IOU_THRESHOLDS,
    max_detections: int | None = MAX_DETECTIONS,
) -> list[ClassMatches]:
    """Matches `predictions` with `truths`, image by image in the same order; one entry per class.

    use_masks: overlap is that of the masks instead of the boxes. small_only: as in COCO, larger true objects and
    unmatched larger detections count neither for nor against; the area is the box's. max_detections: how many of an
    image's detections of a class count, best first; None for all.
    """
    return [
        _match_class(predictions, truths, class_index, use_masks, small_only, thresholds, max_detections)
        for class_index in range(class_count)
    ]


def _match_class(
    predictions: list[Instances],
    truths: list[Instances],
    class_index: int,
    use_masks: bool,
    small_only: bool,
    thresholds: np.ndarray,
    max_detections: int | None,
) -> ClassMatches:
    scores, outcomes, positives = [np.zeros(0)], [np.zeros((len(thresholds), 0), np.int8)], []
    for predicted, true in zip(predictions, truths, strict=True):
        true_rows = np.flatnonzero(true.classes == class_index)
        rows = np.flatnonzero(predicted.classes == class_index)
        rows = rows[np.argsort(-predicted.scores[rows], kind="stable")][:max_detections]
        ignored = np.zeros(len(true_rows), bool)
        outside = np.zeros(len(rows), bool)
        if small_only:
            ignored = box_areas(true.boxes[true_rows]) > SMALL_AREA
            outside = box_areas(predicted.boxes[rows]) > SMALL_AREA
        overlap = _overlap(predicted, rows, true, true_rows, use_masks)
        outcome = np.stack([match(overlap, ignored, threshold) for threshold in thresholds])
        outcome[(outcome == FALSE_POSITIVE) & outside] = IGNORED
        scores.append(predicted.scores[rows])
        outcomes.append(outcome)
        positives.append(int(np.count_nonzero(~ignored)))
    order = np.argsort(-np.concatenate(scores), kind="stable")
    images = np.repeat(np.arange(len(truths)), [len(image_scores) for image_scores in scores[1:]])
    return ClassMatches(images[order], np.concatenate(outcomes, 1)[:, order], np.array(positives, np.int64))


def _overlap(
    predicted: Instances, rows: np.ndarray, true: Instances, true_rows: np.ndarray, use_masks: bool
) -> np.ndarray:
    if not use_masks:
        return pairwise_box_iou(predicted.boxes[rows], true.boxes[true_rows])
    return pairwise_iou([predicted.masks[row] for row in rows], [true.masks[row] for row in true_rows])


def match(overlap: np.ndarray, ignored: np.ndarray, threshold: float) -> np.ndarray:
    """COCO's greedy matching of one image and class at one IoU threshold.

    overlap: [D, G], detections by falling score; ignored: [G]. Each detection takes the free true object that it
    overlaps most, the last among equals, ignored ones only where no other reaches the threshold. Returns, per
    detection, `TRUE_POSITIVE`, `FALSE_POSITIVE` or `IGNORED`.
    """
    outcome = np.full(len(overlap), FALSE_POSITIVE, np.int8)
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
