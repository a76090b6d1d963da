"""Raw heads to candidates: decoding, thresholds, non-maximum suppression."""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from training.metrics.instances import pairwise_box_iou

from .letterbox import Letterbox
from .manifest import Detection, Head

SMALLEST_SIDE = 1.0
"""Network pixels; candidates below it are left out."""


@dataclass(frozen=True)
class Candidates:
    """K boxes in network pixels with their classes and scores."""

    boxes: np.ndarray
    """float64 [K, 4]: x1, y1, x2, y2."""
    classes: np.ndarray
    """int64 [K]"""
    scores: np.ndarray
    """float64 [K]"""
    anchors: np.ndarray
    """int64 [K], index of the anchor over all heads: breaks ties."""

    def __len__(self) -> int:
        return len(self.classes)

    def take(self, rows: np.ndarray) -> "Candidates":
        """The candidates at `rows`, in that order."""
        return Candidates(self.boxes[rows], self.classes[rows], self.scores[rows], self.anchors[rows])

    def best_first(self) -> "Candidates":
        """By score, highest first, then by anchor index."""
        return self.take(np.lexsort((self.anchors, -self.scores)))


def sigmoid(values: np.ndarray) -> np.ndarray:
    """The logistic function without overflow."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-values))


def decode(heads: list[Tensor], settings: Detection, letterbox: Letterbox, floor: float) -> Candidates:
    """Candidates that score at least max(floor, candidateMinScore), clipped to the content.

    heads: raw, [1, A * (5 + C), h, w] each.
    """
    parts, first_anchor = [], 0
    for raw, head in zip(heads, settings.heads, strict=True):
        part = _decode_head(raw[0].double().numpy(), head, first_anchor)
        first_anchor += len(part)
        parts.append(part)
    fields = ([getattr(part, name) for part in parts] for name in ("boxes", "classes", "scores", "anchors"))
    every = Candidates(*(np.concatenate(values) for values in fields))
    every = every.take(every.scores >= max(floor, settings.candidate_min_score))
    every = every.take(np.isfinite(every.boxes).all(1))
    clipped = letterbox.clip(every.boxes)
    large = (clipped[:, 2:] - clipped[:, :2] >= SMALLEST_SIDE).all(1)
    return Candidates(clipped, every.classes, every.scores, every.anchors).take(large)


def _decode_head(raw: np.ndarray, head: Head, first_anchor: int) -> Candidates:
    channels, height, width = raw.shape
    values = raw.reshape(len(head.anchors), channels // len(head.anchors), height, width)
    rows, columns = np.mgrid[:height, :width]
    sizes = np.array(head.anchors)[:, :, None, None]
    box = sigmoid(values[:, :4])
    x = (2 * box[:, 0] - 0.5 + columns) * head.stride
    y = (2 * box[:, 1] - 0.5 + rows) * head.stride
    half = (2 * box[:, 2:]) ** 2 * sizes / 2
    boxes = np.stack([x - half[:, 0], y - half[:, 1], x + half[:, 0], y + half[:, 1]], -1)
    classes = values[:, 5:].argmax(1)
    scores = sigmoid(values[:, 4]) * sigmoid(values[:, 5:].max(1))
    return Candidates(
        boxes.reshape(-1, 4), classes.reshape(-1), scores.reshape(-1), first_anchor + np.arange(scores.size)
    )


def suppress(candidates: Candidates, max_candidates: int, iou_threshold: float, max_defects: int) -> Candidates:
    """The first `max_defects` candidates that no better one of their class overlaps by more than `iou_threshold`."""
    best = candidates.best_first()
    best = best.take(np.arange(min(len(best), max_candidates)))
    free = np.ones(len(best), bool)
    kept: list[int] = []
    for row in range(len(best)):
        if len(kept) == max_defects:
            break
        if not free[row]:
            continue
        kept.append(row)
        overlap = pairwise_box_iou(best.boxes[row : row + 1], best.boxes)[0]
        free &= ~((best.classes == best.classes[row]) & (overlap > iou_threshold))
    return best.take(np.array(kept, np.int64))
