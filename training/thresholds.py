"""Chooses a package's thresholds on the held-out train boards.

    python3 -m training.thresholds --package models/pcb-ymasknet/1

Writes detectMinScore and detectAndSegmentMinScore, each the score of best F1 at IoU 0.5, into model.json. The boards
are those that training never sees; the test boards are for measuring alone.
"""

import argparse
import sys
from pathlib import Path
from typing import Callable

import numpy as np

from .data.deeppcb import dataset_root, is_held_out
from .packaging.manifest_file import read_manifest, write_manifest
from .metrics.ground_truth import GroundTruth, load_ground_truth
from .metrics.instances import Instances
from .metrics.operating_point import OperatingPoint, operating_point
from .metrics.predictions import to_instances
from .reference.manifest import load_manifest
from .reference.pipeline import Filter, Inspection, Pipeline
from .reference.records import to_record
from .reference.weights import from_package

GRID = np.arange(5, 96) / 100
LOWEST = Filter(min_score=float(GRID[0]))


def best_threshold(predictions: list[Instances], truths: list[Instances]) -> OperatingPoint:
    """The operating point of best F1 on the grid 0.05, 0.06, … 0.95; among equals the middle one."""
    points = [operating_point(predictions, truths, float(min_score)) for min_score in GRID]
    top = max(point.f1 for point in points)
    best = [point for point in points if point.f1 == top]
    return best[len(best) // 2]


def choose(pipeline: Pipeline, truth: GroundTruth, images: Path) -> dict[str, OperatingPoint]:
    """Operating points by the manifest's names of the thresholds; a detector alone has the first one twice."""
    tasks: dict[str, Callable[[Path, Filter], Inspection]] = {
        "detectMinScore": pipeline.detect,
        "detectAndSegmentMinScore": pipeline.best,
    }
    truths = list(truth.images.values())
    return {
        name: best_threshold([_predict(run, images / file, truth) for file in truth.files.values()], truths)
        for name, run in tasks.items()
    }


def _predict(run: Callable[[Path, Filter], Inspection], path: Path, truth: GroundTruth) -> Instances:
    return to_instances(to_record(path.name, "", run(path, LOWEST)), truth.classes)


def choose_for_package(package: Path) -> dict[str, OperatingPoint]:
    """Chooses the thresholds of a package, writes them into its model.json, and returns the operating points."""
    manifest = load_manifest(package)
    root = dataset_root()
    truth = load_ground_truth(root / "train.json", is_held_out)
    points = choose(Pipeline(from_package(manifest), manifest), truth, root / "images")
    document = read_manifest(package)
    document["detection"].update({name: point.min_score for name, point in points.items()})
    write_manifest(package, document)
    return points


def main() -> int:
    """Prints what was chosen."""
    parser = argparse.ArgumentParser(prog="training.thresholds", description="Chooses thresholds on held-out boards.")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    arguments = parser.parse_args()
    for name, point in choose_for_package(arguments.package).items():
        figures = f"precision {point.precision:.4f}, recall {point.recall:.4f}, F1 {point.f1:.4f}"
        print(f"{name} {point.min_score:.2f}: {figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
