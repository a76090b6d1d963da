"""Precision, recall and mask overlap at one score threshold."""

from dataclasses import dataclass

import numpy as np

from .instances import Instances, pairwise_box_iou
from .masks import intersection

MATCH_IOU = 0.5


@dataclass(frozen=True)
class OperatingPoint:
    """Counts at a threshold; a prediction is true where its box overlaps a free object of its class with IoU >= 0.5."""

    min_score: float
    true_positives: int
    false_positives: int
    false_negatives: int
    mask_iou: float | None
    """Mean over the true predictions; None without masks or true predictions."""
    mask_dice: float | None

    @property
    def precision(self) -> float:
        """Part of the predictions that are true; 1 where there are none."""
        found = self.true_positives + self.false_positives
        return self.true_positives / found if found else 1.0

    @property
    def recall(self) -> float:
        """Part of the objects that were found; 1 where there are none."""
        objects = self.true_positives + self.false_negatives
        return self.true_positives / objects if objects else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.true_positives + self.false_positives + self.false_negatives
        return 2 * self.true_positives / total if total else 1.0


def operating_point(predictions: list[Instances], truths: list[Instances], min_score: float) -> OperatingPoint:
    """Measures the predictions of score >= `min_score`, image by image in the order of `truths`."""
    true_positives = found = objects = 0
    ious, dices = [], []
    for predicted, true in zip(predictions, truths, strict=True):
        rows = np.flatnonzero(predicted.scores >= min_score)
        pairs = match_by_score(predicted, true, rows)
        found += len(rows)
        objects += len(true)
        true_positives += len(pairs)
        if predicted.masks is not None and true.masks is not None:
            for row, true_row in pairs:
                mask, true_mask = predicted.masks[row], true.masks[true_row]
                common, areas = intersection(mask, true_mask), mask.area + true_mask.area
                ious.append(common / max(areas - common, 1))
                dices.append(2 * common / max(areas, 1))
    return OperatingPoint(
        min_score,
        true_positives,
        found - true_positives,
        objects - true_positives,
        float(np.mean(ious)) if ious else None,
        float(np.mean(dices)) if dices else None,
    )


def match_by_score(predicted: Instances, true: Instances, rows: np.ndarray) -> list[tuple[int, int]]:
    """Pairs (prediction, true object): by falling score each of `rows` takes the free object that it overlaps most."""
    rows = rows[np.argsort(-predicted.scores[rows], kind="stable")]
    if len(rows) == 0 or len(true) == 0:
        return []
    overlap = pairwise_box_iou(predicted.boxes[rows], true.boxes)
    overlap[predicted.classes[rows][:, None] != true.classes[None]] = 0.0
    pairs = []
    for index, row in enumerate(rows):
        best = int(overlap[index].argmax())
        if overlap[index, best] >= MATCH_IOU:
            pairs.append((int(row), best))
            overlap[:, best] = 0.0
    return pairs
