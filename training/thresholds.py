"""Chooses a package's thresholds on the held-out train boards or tiles.

    python3 -m training.thresholds --package models/pcb-ymasknet/1

Writes detectMinScore and detectAndSegmentMinScore, each the score of best F1 at IoU 0.5, into model.json; of a semantic
model backgroundOffset and minRegionArea, those of the best mean IoU among the ones that mark few sound tiles. The images
are those that training never sees; the test images are for measuring alone.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Callable

import numpy as np

from .data.deeppcb import dataset_root, is_held_out
from .data.tiles import load_tiles, tiles_root
from .packaging.manifest_file import read_manifest, write_manifest
from .metrics.ground_truth import GroundTruth, load_ground_truth
from .metrics.instances import Instances
from .metrics.operating_point import OperatingPoint, operating_point
from .metrics.predictions import to_instances
from .metrics.semantic_point import SemanticPoint, best_point
from .reference.manifest import Manifest, load_manifest
from .reference.pipeline import Filter, Inspection, Pipeline
from .reference.records import to_record
from .reference.semantic import SemanticPipeline, label_map
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


def choose_semantic_for_package(package: Path) -> SemanticPoint:
    """Chooses a semantic package's operating point, writes it into its model.json, and returns it."""
    manifest = load_manifest(package)
    point = choose_semantic(SemanticPipeline(from_package(manifest), manifest), manifest)
    document = read_manifest(package)
    document["semantic"].update(backgroundOffset=point.background_offset, minRegionArea=point.min_region_area)
    write_manifest(package, document)
    return point


def choose_semantic(pipeline: SemanticPipeline, manifest: Manifest) -> SemanticPoint:
    """The operating point of a semantic model on the held-out tiles."""
    root = tiles_root()
    tiles = load_tiles(root, "holdout")
    seen = [pipeline.logits(root / "images" / tile.name) for tile in tiles]

    def predict(point: SemanticPoint) -> list[np.ndarray]:
        semantic = replace(
            manifest.semantic, background_offset=point.background_offset, min_region_area=point.min_region_area
        )
        return [label_map(logits, letterbox, manifest.classes, semantic) for logits, letterbox in seen]

    return best_point(predict, tiles)


def describe(package: Path) -> list[str]:
    """Chooses a package's thresholds, whatever its architecture, and says in a line each what they are and give."""
    if load_manifest(package).semantic:
        point = choose_semantic_for_package(package)
        figures = f"mean IoU {point.mean_iou:.4f}, {point.free_marked:.1%} of the sound tiles marked"
        return [f"backgroundOffset {point.background_offset:.1f}, minRegionArea {point.min_region_area}: {figures}"]
    return [
        f"{name} {point.min_score:.2f}: precision {point.precision:.4f}, recall {point.recall:.4f}, F1 {point.f1:.4f}"
        for name, point in choose_for_package(package).items()
    ]


def main() -> int:
    """Prints what was chosen."""
    parser = argparse.ArgumentParser(prog="training.thresholds", description="Chooses thresholds on held-out images.")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    arguments = parser.parse_args()
    for line in describe(arguments.package):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
