"""Single mistakes with their causes, for people to look at."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

import numpy as np

from .instances import Instances, pairwise_box_iou

FOUND_IOU = 0.5
TOUCHING_IOU = 0.1
"""Overlap from which a prediction means an object, though its box is poor."""


class Cause(Enum):
    """Why a prediction or a true object counts as a mistake; values are words for people."""

    WRONG_CLASS = "right place, wrong class"
    POOR_BOX = "right class, poor box"
    DUPLICATE = "found already"
    FALSE_ALARM = "nothing there"
    MISSED = "missed"


@dataclass(frozen=True)
class Failure:
    """One mistake."""

    image: str
    cause: Cause
    true_class: str | None
    """None for a prediction of what is not there."""
    predicted_class: str | None
    """None for a missed object."""
    score: float | None
    box: tuple[float, float, float, float]
    """x1, y1, x2, y2 in pixels: the prediction's, or that of the missed object."""
    iou: float
    """Of the prediction and the true object; for false alarms and missed objects the best there is."""


def failures_of(
    image: str, predicted: Instances, true: Instances, classes: tuple[str, ...], min_score: float
) -> list[Failure]:
    """The mistakes on one image among predictions of at least `min_score`.

    Predictions take free true objects of their class at IoU 0.5, best score first. Of the rest, one on an object of
    another class is a wrong class, one that overlaps a free object of its class by 0.1 has a poor box, one on an object
    that is taken is a duplicate, and any other is a false alarm. An object that none of these means is missed.
    """
    rows = np.flatnonzero(predicted.scores >= min_score)
    rows = rows[np.argsort(-predicted.scores[rows], kind="stable")]
    overlap = pairwise_box_iou(predicted.boxes[rows], true.boxes)
    same = predicted.classes[rows][:, None] == true.classes[None]
    free, wrong = np.ones(len(true), bool), []
    for position in range(len(rows)):
        candidates = np.where(same[position] & free, overlap[position], 0)
        if len(true) and candidates.max() >= FOUND_IOU:
            free[candidates.argmax()] = False
        else:
            wrong.append(position)

    failures, meant = [], np.zeros(len(true), bool)
    for position in wrong:
        cause, target = _explain(overlap[position], same[position], free)
        if target is not None and cause in (Cause.WRONG_CLASS, Cause.POOR_BOX):
            meant[target] = True
        row = rows[position]
        failures.append(
            Failure(
                image,
                cause,
                classes[true.classes[target]] if target is not None else None,
                classes[predicted.classes[row]],
                float(predicted.scores[row]),
                tuple(map(float, predicted.boxes[row])),
                float(overlap[position].max(initial=0)) if target is None else float(overlap[position, target]),
            )
        )
    for target in np.flatnonzero(free & ~meant):
        best = float(overlap[:, target].max(initial=0))
        box = tuple(map(float, true.boxes[target]))
        failures.append(Failure(image, Cause.MISSED, classes[true.classes[target]], None, None, box, best))
    return failures


def _explain(overlap: np.ndarray, same: np.ndarray, free: np.ndarray) -> tuple[Cause, int | None]:
    """Why one prediction is wrong, and the true object that it means. overlap, same, free: [G]."""
    for cause, candidates, least in (
        (Cause.POOR_BOX, same & free, TOUCHING_IOU),
        (Cause.WRONG_CLASS, ~same & free, FOUND_IOU),
        (Cause.DUPLICATE, ~free, TOUCHING_IOU),
    ):
        reach = np.where(candidates, overlap, 0)
        if len(reach) and reach.max() >= least:
            return cause, int(reach.argmax())
    return Cause.FALSE_ALARM, None


def counts_by_class(failures: list[Failure]) -> Counter:
    """How often each (cause, class) occurs; the class is the true one, or the predicted one where nothing is there."""
    return Counter((failure.cause, failure.true_class or failure.predicted_class) for failure in failures)
