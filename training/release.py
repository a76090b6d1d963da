"""From a finished training run to a package that can be committed.

    YMASKNET_DATA=... python3 -m training.release --weights .runs/pcb-ymasknet/ema.pt --package models/pcb-ymasknet/1

Exports the ONNX files, chooses the thresholds on held-out train images, measures the
package on test_open with the PyTorch reference, notes the figures in model.json, and writes the goldens of the samples.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import torch

from . import evaluate_tiles, thresholds
from .data.deeppcb import dataset_root
from .data.tiles import CLASSES as TILE_CLASSES
from .data.tiles import tiles_root
from .evaluate import evaluate
from .export import export_package
from .golden import GOLDENS, SAMPLES
from .golden import write as write_goldens
from .metrics.ground_truth import load_ground_truth
from .metrics.predictions import load_predictions
from .metrics.regions import load_label_maps
from .packaging.manifest_file import read_manifest, write_manifest
from .reference.manifest import Manifest, load_manifest
from .reference.open import open_pipeline
from .reference.pipeline import EVERY_CANDIDATE
from .reference.records import to_record


def write_predictions(package: Path, predictions: Path) -> None:
    """Writes what the reference pipeline finds on the images of test_open."""
    manifest = load_manifest(package)
    pipeline = open_pipeline(manifest)
    root = tiles_root() if manifest.semantic else dataset_root()
    options = () if manifest.semantic else (EVERY_CANDIDATE,)
    with open(predictions, "w", encoding="utf-8") as lines:
        for file in _test_files(root):
            inspection = pipeline.best(root / "images" / file, *options)
            lines.write(json.dumps(to_record(file, manifest.reference, inspection)) + "\n")


def _test_files(root: Path) -> list[str]:
    """File names of a COCO annotation file, or of a list of entries."""
    document = json.loads((root / "test_open.json").read_text())
    if isinstance(document, list):
        return [entry["image"] for entry in document]
    return [image["file_name"] for image in document["images"]]


def note_accuracy(package: Path, predictions: Path) -> dict[str, float]:
    """Measures predictions on test_open at the shipped threshold and notes the figures in model.json."""
    manifest = load_manifest(package)
    measure = _measure_tiles if manifest.semantic else _measure_boards
    accuracy = {
        f"test_open.{name}": round(value, 4)
        for name, value in measure(manifest, predictions).items()
        if value is not None and math.isfinite(value)
    }
    document = read_manifest(package)
    document["accuracy"] = accuracy
    write_manifest(package, document)
    return accuracy


def _measure_boards(manifest: Manifest, predictions: Path) -> dict[str, float | None]:
    truth = load_ground_truth(dataset_root() / "test_open.json")
    shipped = manifest.detection.detect_and_segment_min_score
    return evaluate(load_predictions(predictions, truth.classes), truth, shipped)


def _measure_tiles(_: Manifest, predictions: Path) -> dict[str, float | None]:
    truth = evaluate_tiles.load_truth(tiles_root() / "test_open.json")
    return evaluate_tiles.evaluate(load_label_maps(predictions, TILE_CLASSES), truth)[0]


def main() -> int:
    """Runs every step and prints the figures."""
    parser = argparse.ArgumentParser(prog="training.release", description="Makes a package of a finished training run.")
    parser.add_argument("--weights", type=Path, required=True, help="ema.pt of a training run")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    parser.add_argument("--predictions", type=Path, help="keep the reference's predictions on test_open in this file")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    export_package(arguments.weights, arguments.package)
    for line in thresholds.describe(arguments.package):
        print(f"{line}, on held-out images", flush=True)
    predictions = arguments.predictions or arguments.weights.with_name("test_open.jsonl")
    write_predictions(arguments.package, predictions)
    for name, value in note_accuracy(arguments.package, predictions).items():
        print(f"{name:34} {value:.4f}")
    write_goldens(arguments.package, SAMPLES, GOLDENS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
