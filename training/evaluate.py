"""Measures predictions against a ground truth.

    python3 -m training.evaluate --predictions FILE.jsonl --ground-truth test_open.json [--min-score T] [--out FILE]

FILE.jsonl is what `ymasknet inspect --json` or `training.reference --json` writes. For average precision make it with
`--min-score 0.001 --max-defects 300`. `--min-score` here is the threshold at which precision, recall and mask overlap
are taken: the one that the model ships with.
"""

import argparse
import json
import sys
from pathlib import Path

from .metrics.average_precision import AveragePrecision, average_precision
from .metrics.ground_truth import GroundTruth, load_ground_truth
from .metrics.instances import Instances
from .metrics.operating_point import operating_point
from .metrics.predictions import PredictionFileError, load_predictions

DEFAULT_MIN_SCORE = 0.5


def evaluate(predictions: dict[str, Instances], truth: GroundTruth, min_score: float) -> dict[str, float | None]:
    """All figures by name. Raises `ValueError` where the predictions are not of exactly the annotated images.

    Mask figures are None where the predictions have no masks.
    """
    missing, extra = sorted(truth.images.keys() - predictions.keys()), sorted(predictions.keys() - truth.images.keys())
    if missing or extra:
        raise ValueError(f"predictions lack {_some(missing)} and have {_some(extra)} that the ground truth lacks")
    names = list(truth.images)
    predicted, true = [predictions[name] for name in names], [truth.images[name] for name in names]
    class_count = len(truth.classes)
    boxes = average_precision(predicted, true, class_count)
    small = average_precision(predicted, true, class_count, small_only=True)
    has_masks = all(instances.masks is not None for instances in predicted)
    masks = average_precision(predicted, true, class_count, use_masks=True) if has_masks else None
    point = operating_point(predicted, true, min_score)
    figures: dict[str, float | None] = {
        **_summary("box", boxes),
        **_summary("mask", masks),
        "small_box_map50": small.at_50,
        **{f"box_ap50.{name}": float(boxes.table[index, 0]) for index, name in enumerate(truth.classes)},
        "min_score": point.min_score,
        "precision": point.precision,
        "recall": point.recall,
        "f1": point.f1,
        "mask_iou": point.mask_iou,
        "mask_dice": point.mask_dice,
    }
    return figures


def _summary(kind: str, result: AveragePrecision | None) -> dict[str, float | None]:
    return {
        f"{kind}_map50": result.at_50 if result else None,
        f"{kind}_map75": result.at_75 if result else None,
        f"{kind}_map50_95": result.mean if result else None,
    }


def _some(names: list[str]) -> str:
    if not names:
        return "no image"
    return f"{len(names)} image(s) ({', '.join(names[:5])}{', …' if len(names) > 5 else ''})"


def main() -> int:
    """Prints the figures; exit code 2 where the files do not fit together."""
    parser = argparse.ArgumentParser(prog="training.evaluate", description="Measures predictions.")
    parser.add_argument("--predictions", type=Path, required=True, help="JSON lines of `ymasknet inspect --json`")
    parser.add_argument("--ground-truth", type=Path, required=True, help="COCO annotation file")
    parser.add_argument("--min-score", type=float, default=DEFAULT_MIN_SCORE, help="threshold of precision and recall")
    parser.add_argument("--out", type=Path, help="also write the figures to this JSON file")
    arguments = parser.parse_args()
    try:
        truth = load_ground_truth(arguments.ground_truth)
        figures = evaluate(load_predictions(arguments.predictions, truth.classes), truth, arguments.min_score)
    except (OSError, PredictionFileError, ValueError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    for name, value in figures.items():
        print(f"{name:24} {'-' if value is None else format(value, '.4f')}")
    if arguments.out:
        arguments.out.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
