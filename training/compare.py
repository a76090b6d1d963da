"""Compares two prediction files of the same model over the same images.

    python3 -m training.compare REFERENCE.jsonl SERVER.jsonl [--min-score T] [--max-defects N] [--ground-truth FILE]

Exit code 0 where they agree: the same defects, boxes within 0.5 pixels, scores within 0.001, at least 99 % of the
masks within 2 pixels or 1 %, and, with a ground truth, mAP@.5 and mAP@[.5:.95] within 0.002. `--min-score` and
`--max-defects` are those that both files were made with.
"""

import argparse
import sys
from pathlib import Path

from .evaluate import evaluate
from .metrics.agreement import Agreement, Tolerance, compare_image
from .metrics.ground_truth import load_ground_truth
from .metrics.predictions import PredictionFileError, load_predictions, read_records

SHOWN_FAILURES = 20
MAP_TOLERANCE = 0.002
MAP_FIGURES = ("box_map50", "box_map50_95", "mask_map50", "mask_map50_95")


def compare_files(first: Path, second: Path, min_score: float, max_defects: int) -> Agreement:
    """Compares by image name without its extension. Raises `PredictionFileError`."""
    classes = _classes(first, second)
    expected, actual = load_predictions(first, classes), load_predictions(second, classes)
    result = Agreement(Tolerance())
    for name in sorted(expected.keys() ^ actual.keys()):
        result.failures.append(f"{name}: only {first if name in expected else second} has it")
    for name in sorted(expected.keys() & actual.keys()):
        compare_image(name, expected[name], actual[name], result, min_score, max_defects)
    return result


def compare_accuracy(first: Path, second: Path, ground_truth: Path) -> dict[str, tuple[float, float]]:
    """The mean average precisions of both files, by name."""
    truth = load_ground_truth(ground_truth)
    one, other = (evaluate(load_predictions(path, truth.classes), truth, 0.5) for path in (first, second))
    return {name: (one[name], other[name]) for name in MAP_FIGURES if None not in (one[name], other[name])}


def _classes(*paths: Path) -> tuple[str, ...]:
    names = {defect["class"] for path in paths for _, record in read_records(path) for defect in record["defects"]}
    return tuple(sorted(names))


def main() -> int:
    """Exit code 1 where the files disagree, 2 where they cannot be read."""
    parser = argparse.ArgumentParser(prog="training.compare", description="Compares two prediction files.")
    parser.add_argument("reference", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--min-score", type=float, default=0.001)
    parser.add_argument("--max-defects", type=int, default=300)
    parser.add_argument("--ground-truth", type=Path, help="COCO annotation file: compare the mAP too")
    arguments = parser.parse_args()
    try:
        result = compare_files(arguments.reference, arguments.other, arguments.min_score, arguments.max_defects)
        accuracy = {}
        if arguments.ground_truth:
            accuracy = compare_accuracy(arguments.reference, arguments.other, arguments.ground_truth)
    except (OSError, PredictionFileError, ValueError) as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    return 0 if _report(result, accuracy) else 1


def _report(result: Agreement, accuracy: dict[str, tuple[float, float]]) -> bool:
    print(f"matched defects          {result.matched}")
    print(f"at the cut, in one only  {result.excused}")
    print(f"largest box difference   {result.largest_box_difference:.5f} px")
    print(f"largest score difference {result.largest_score_difference:.7f}")
    print(f"masks that agree         {result.masks_agreeing} of {result.masks}")
    print(f"largest mask difference  {result.largest_mask_difference} px")
    close = True
    for name, (one, other) in accuracy.items():
        close &= abs(one - other) <= MAP_TOLERANCE
        print(f"{name:24} {one:.4f} {other:.4f}")
    for failure in result.failures[:SHOWN_FAILURES]:
        print(failure)
    if len(result.failures) > SHOWN_FAILURES:
        print(f"and {len(result.failures) - SHOWN_FAILURES} more")
    agrees = result.holds and close
    print("they agree" if agrees else f"they disagree: {len(result.failures)} failures")
    return agrees


if __name__ == "__main__":
    sys.exit(main())
