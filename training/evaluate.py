"""Measures predictions against a ground truth.

    python3 -m training.evaluate --predictions FILE.jsonl --ground-truth test_open.json [--min-score T] [--box-masks]
        [--only REGEX] [--details] [--bootstrap 1000] [--curves FILE.json] [--out FILE.json]

FILE.jsonl is what `ymasknet inspect --json` or `training.reference --json` writes. For average precision make it with
`--min-score 0.001 --max-defects 300`. `--min-score` here is the threshold at which precision, recall and mask overlap
are taken: the one that the model ships with.
"""

import argparse
import json
import math
import re
import sys
from pathlib import Path

import numpy as np

from .metrics import bootstrap
from .metrics.figures import detail_figures, main_figures, precision_curves
from .metrics.ground_truth import GroundTruth, load_ground_truth
from .metrics.instances import Instances
from .metrics.measurement import Measurement
from .metrics.predictions import PredictionFileError, load_predictions

DEFAULT_MIN_SCORE = 0.5

INTERVAL_FIGURES = (
    "box_map50",
    "box_map50_95",
    "mask_map50",
    "mask_map50_95",
    "small_box_map50",
    "precision",
    "recall",
    "f1",
    "mask_iou",
    "mask_dice",
    "deeppcb_map",
    "deeppcb_f1",
)
"""The figures that `intervals` is about."""


def evaluate(
    predictions: dict[str, Instances], truth: GroundTruth, min_score: float, box_masks: bool = False
) -> dict[str, float | None]:
    """The main figures by name. Raises `ValueError` where the predictions are not of exactly the annotated images.

    box_masks: every prediction's mask is its filled box, for a model that only detects. A figure is None where there is
    nothing to take it from, as a mask figure where the predictions have no masks.
    """
    return summarise(Measurement(predictions, truth, min_score, box_masks))


def summarise(measurement: Measurement) -> dict[str, float | None]:
    """The main figures by name, as `evaluate` gives them."""
    return _numbers(main_figures(measurement, measurement.each_once))


def details(measurement: Measurement) -> dict[str, float | None]:
    """Figures of small objects and of each class that the main ones lack, by name."""
    return _numbers(detail_figures(measurement, measurement.each_once))


def intervals(measurement: Measurement, resamples: int = bootstrap.RESAMPLES) -> dict[str, tuple[float, float] | None]:
    """95 % intervals (low, high) of `INTERVAL_FIGURES`, by name, over resampled images."""

    def figures(weights: np.ndarray) -> dict[str, np.ndarray]:
        of_resamples = main_figures(measurement, weights)
        return {name: of_resamples[name] for name in INTERVAL_FIGURES}

    return bootstrap.intervals(figures, measurement.image_count, resamples)


def _numbers(figures: dict[str, np.ndarray]) -> dict[str, float | None]:
    return {name: None if math.isnan(value[0]) else float(value[0]) for name, value in figures.items()}


def main() -> int:
    """Prints the figures; exit code 2 where the files do not fit together."""
    arguments = _parse()
    try:
        wanted = re.compile(arguments.only or "")
        truth = load_ground_truth(arguments.ground_truth, lambda name: wanted.match(name) is not None)
        predictions = load_predictions(arguments.predictions, truth.classes)
        if arguments.only:
            predictions = {name: found for name, found in predictions.items() if wanted.match(name)}
        measurement = Measurement(predictions, truth, arguments.min_score, arguments.box_masks)
        figures = summarise(measurement) | (details(measurement) if arguments.details else {})
        reaches = intervals(measurement, arguments.bootstrap) if arguments.bootstrap else {}
    except (OSError, PredictionFileError, ValueError, re.error) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    for name, value in figures.items():
        print(f"{name:24} {'-' if value is None else format(value, '.4f')}{_format_reach(reaches.get(name))}")
    if arguments.out:
        report = figures | ({"intervals": reaches} if reaches else {})
        arguments.out.write_text(json.dumps(report, indent=2) + "\n")
    if arguments.curves:
        arguments.curves.write_text(json.dumps(precision_curves(measurement)) + "\n")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.evaluate", description="Measures predictions.")
    parser.add_argument("--predictions", type=Path, required=True, help="JSON lines of `ymasknet inspect --json`")
    parser.add_argument("--ground-truth", type=Path, required=True, help="COCO annotation file")
    parser.add_argument("--min-score", type=float, default=DEFAULT_MIN_SCORE, help="threshold of precision and recall")
    parser.add_argument("--only", metavar="REGEX", help="measure the images alone whose names start with a match")
    parser.add_argument("--box-masks", action="store_true", help="take each prediction's filled box for its mask")
    parser.add_argument("--details", action="store_true", help="also small objects and single classes")
    parser.add_argument("--bootstrap", type=_resamples, metavar="N", help="95 %% intervals over N resamples of images")
    parser.add_argument("--curves", type=Path, help="also write precision over recall by class to this JSON file")
    parser.add_argument("--out", type=Path, help="also write the figures to this JSON file")
    return parser.parse_args()


def _resamples(text: str) -> int:
    if (resamples := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least one resample is needed")
    return resamples


def _format_reach(reach: tuple[float, float] | None) -> str:
    return f" [{reach[0]:.4f}, {reach[1]:.4f}]" if reach else ""


if __name__ == "__main__":
    sys.exit(main())
