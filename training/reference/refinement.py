"""Stage 2's word on a box: its class, its score, its place."""

import numpy as np

from .manifest import Refinement


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def refined_scores(
    stage1: np.ndarray, class_logits: np.ndarray, classes: np.ndarray, settings: Refinement
) -> np.ndarray:
    """Final scores [R] of candidates with scores `stage1` [R] and `classes` [R]; class_logits: [R, C + 1]."""
    if settings.score == "stage1":
        return stage1
    second = softmax(class_logits)[np.arange(len(classes)), classes]
    return np.sqrt(stage1 * second)


def refined_boxes(boxes: np.ndarray, deltas: np.ndarray, settings: Refinement) -> np.ndarray:
    """Boxes [R, 4] (x1, y1, x2, y2) moved and scaled by deltas [R, 4] (dx, dy, dw, dh); not clipped."""
    center, size = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    deltas = deltas / np.array(settings.delta_weights)
    center = center + deltas[:, :2] * size
    size = size * np.exp(deltas[:, 2:].clip(-settings.log_scale_clamp, settings.log_scale_clamp))
    return np.concatenate([center - size / 2, center + size / 2], 1)
