"""Lists a model's worst mistakes, by image name, box and cause.

    python3 -m training.failures --predictions FILE.jsonl --ground-truth test_open.json --min-score T [--most 20]

Prints two tables in Markdown: how often each cause occurs by class, and single mistakes: what is wrong with the highest
scores first, then missed objects, those that nothing overlaps first.
"""

import argparse
import sys
from pathlib import Path

from .metrics.failures import Cause, Failure, counts_by_class, failures_of
from .metrics.ground_truth import GroundTruth, load_ground_truth
from .metrics.instances import Instances
from .metrics.predictions import PredictionFileError, load_predictions


def all_failures(predictions: dict[str, Instances], truth: GroundTruth, min_score: float) -> list[Failure]:
    """The mistakes on all annotated images, worst first."""
    failures = []
    for name, true in truth.images.items():
        failures += failures_of(name, predictions[name], true, truth.classes, min_score)
    return sorted(failures, key=lambda failure: (-(failure.score or 0), failure.iou, failure.image))


def count_table(failures: list[Failure], classes: tuple[str, ...]) -> str:
    """Causes by class."""
    counts = counts_by_class(failures)
    lines = ["| cause | " + " | ".join(classes) + " | all |", "|---|" + "---|" * (len(classes) + 1)]
    for cause in Cause:
        row = [counts[cause, name] for name in classes]
        lines.append(f"| {cause.value} | " + " | ".join(map(str, row)) + f" | {sum(row)} |")
    return "\n".join(lines)


def failure_table(failures: list[Failure]) -> str:
    """One line per mistake."""
    lines = ["| image | x, y, width, height | true | predicted | score | IoU | cause |", "|---|---|---|---|---|---|---|"]
    for failure in failures:
        x1, y1, x2, y2 = failure.box
        place = f"{x1:.0f}, {y1:.0f}, {x2 - x1:.0f}, {y2 - y1:.0f}"
        score = "–" if failure.score is None else f"{failure.score:.2f}"
        names = f"{failure.true_class or '–'} | {failure.predicted_class or '–'}"
        lines.append(f"| {failure.image} | {place} | {names} | {score} | {failure.iou:.2f} | {failure.cause.value} |")
    return "\n".join(lines)


def main() -> int:
    """Prints the tables; exit code 2 where the files do not fit together."""
    parser = argparse.ArgumentParser(prog="training.failures", description="Lists a model's worst mistakes.")
    parser.add_argument("--predictions", type=Path, required=True, help="JSON lines of `ymasknet inspect --json`")
    parser.add_argument("--ground-truth", type=Path, required=True, help="COCO annotation file")
    parser.add_argument("--min-score", type=float, required=True, help="the threshold that the model ships with")
    parser.add_argument("--most", type=int, default=20, help="lines of each kind")
    arguments = parser.parse_args()
    try:
        truth = load_ground_truth(arguments.ground_truth)
        predictions = load_predictions(arguments.predictions, truth.classes)
        failures = all_failures(predictions, truth, arguments.min_score)
    except KeyError as error:
        print(f"failures: the predictions lack image {error}", file=sys.stderr)
        return 2
    except (OSError, PredictionFileError, ValueError) as error:
        print(f"failures: {error}", file=sys.stderr)
        return 2
    wrong = [failure for failure in failures if failure.cause != Cause.MISSED]
    missed = [failure for failure in failures if failure.cause == Cause.MISSED]
    print(count_table(failures, truth.classes), end="\n\n")
    print(failure_table(wrong[: arguments.most] + missed[: arguments.most]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
