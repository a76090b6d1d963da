"""The figures that a measurement gives, by name, for any weighting of its images.

`weights`, int64 [R, N], says how often each of R resamples counts each image; a figure is an array [R], NaN where there
is nothing to take it from, as a mask figure without masks.
"""

import math

import numpy as np

from .average_precision import AT_50, AveragePrecision, weighted_average_precision
from .curves import RECALL_POINTS, interpolated_precision
from .deeppcb import deeppcb_map
from .matches import IOU_THRESHOLDS, ClassMatches
from .measurement import Measurement


def main_figures(measurement: Measurement, weights: np.ndarray) -> dict[str, np.ndarray]:
    """What a model is judged by."""
    boxes = weighted_average_precision(measurement.boxes, weights)
    masks = _mask_average_precision(measurement, measurement.masks, weights)
    small_boxes = weighted_average_precision(measurement.small_boxes, weights)
    counts = measurement.counts.weighted(weights)
    return {
        **_summary("box", boxes),
        **_summary("mask", masks),
        "small_box_map50": small_boxes.at_50,
        **{f"box_ap50.{name}": boxes.table[:, index, AT_50] for index, name in enumerate(measurement.classes)},
        "min_score": np.full(len(weights), measurement.min_score),
        "precision": counts.precision,
        "recall": counts.recall,
        "f1": counts.f1,
        "mask_iou": counts.mask_iou,
        "mask_dice": counts.mask_dice,
        "deeppcb_map": deeppcb_map(measurement.deeppcb, weights),
        "deeppcb_f1": measurement.deeppcb_counts.weighted(weights).f1,
    }


def detail_figures(measurement: Measurement, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Small objects and single classes, beyond what `main_figures` has of them."""
    return {**_small_objects(measurement, weights), **_single_classes(measurement, weights)}


def _small_objects(measurement: Measurement, weights: np.ndarray) -> dict[str, np.ndarray]:
    counts = measurement.small_counts.weighted(weights)
    return {
        "small_box_map50_95": weighted_average_precision(measurement.small_boxes, weights).mean,
        "small_mask_map50": _mask_average_precision(measurement, measurement.small_masks, weights).at_50,
        "small_precision": counts.precision,
        "small_recall": counts.recall,
        "small_mask_iou": counts.mask_iou,
        "small_mask_dice": counts.mask_dice,
    }


def _single_classes(measurement: Measurement, weights: np.ndarray) -> dict[str, np.ndarray]:
    boxes = weighted_average_precision(measurement.boxes, weights)
    masks = _mask_average_precision(measurement, measurement.masks, weights)
    figures: dict[str, np.ndarray] = {}
    for index, (name, by_image) in enumerate(zip(measurement.classes, measurement.class_counts, strict=True)):
        counts = by_image.weighted(weights)
        figures |= {
            f"box_ap50_95.{name}": boxes.table[:, index].mean(-1),
            f"mask_ap50.{name}": masks.table[:, index, AT_50],
            f"precision.{name}": counts.precision,
            f"recall.{name}": counts.recall,
            f"mask_iou.{name}": counts.mask_iou,
            f"mask_dice.{name}": counts.mask_dice,
        }
    return figures


def precision_curves(measurement: Measurement) -> dict:
    """Precision over recall at IoU 0.50 by class, to be plotted; None for a class without true objects.

    "recall" is the grid of 101 points; "box" and "mask" hold, by class, the best precision at that recall or above, 0
    where it is never reached. "mask" is None without masks.
    """
    kinds = {"box": measurement.boxes, "mask": measurement.masks}
    return {
        "iou": float(IOU_THRESHOLDS[AT_50]),
        "recall": RECALL_POINTS.tolist(),
        **{kind: _curves_by_class(measurement, matches) for kind, matches in kinds.items()},
    }


def _curves_by_class(measurement: Measurement, matches: list[ClassMatches] | None) -> dict | None:
    if matches is None:
        return None
    curves = {}
    for name, of_class in zip(measurement.classes, matches, strict=True):
        weights = np.ones((1, len(of_class.images)), np.int64)
        precision = interpolated_precision(of_class.outcomes[AT_50], weights, of_class.positives.sum(keepdims=True))[0]
        curves[name] = None if math.isnan(precision[0]) else precision.tolist()
    return curves


def _summary(kind: str, result: AveragePrecision) -> dict[str, np.ndarray]:
    return {f"{kind}_map50": result.at_50, f"{kind}_map75": result.at_75, f"{kind}_map50_95": result.mean}


def _mask_average_precision(
    measurement: Measurement, matches: list[ClassMatches] | None, weights: np.ndarray
) -> AveragePrecision:
    if matches is None:
        return AveragePrecision(np.full((len(weights), len(measurement.classes), len(IOU_THRESHOLDS)), np.nan))
    return weighted_average_precision(matches, weights)
