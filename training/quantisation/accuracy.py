"""What the 8 bits cost: both precisions measured by the reference pipeline on the same images."""

import json
import math
import tempfile
from enum import Enum
from pathlib import Path

from training import evaluate_tiles
from training.data.deeppcb import dataset_root, is_held_out
from training.data.tiles import CLASSES as TILE_CLASSES
from training.data.tiles import tiles_root
from training.evaluate import evaluate
from training.metrics.ground_truth import load_ground_truth
from training.metrics.predictions import to_instances
from training.metrics.regions import load_label_maps
from training.reference.manifest import PRECISIONS, Manifest, load_manifest
from training.reference.open import open_pipeline
from training.reference.pipeline import EVERY_CANDIDATE
from training.reference.records import to_record


class Part(Enum):
    """Images to measure on."""

    HELD_OUT = "held_out"
    TEST = "test_open"


def compare(package: Path, part: Part) -> dict[str, dict[str, float]]:
    """Figures by precision and name; none of a semantic model's held-out images, which are no ground truth file's."""
    return {precision: measure(load_manifest(package, precision), part) for precision in PRECISIONS}


def measure(manifest: Manifest, part: Part) -> dict[str, float]:
    """Figures by name, rounded as model.json has them."""
    figures = _measure_tiles(manifest, part) if manifest.semantic else _measure_boards(manifest, part)
    return {name: round(value, 4) for name, value in figures.items() if value is not None and math.isfinite(value)}


def _measure_boards(manifest: Manifest, part: Part) -> dict[str, float | None]:
    root, pipeline = dataset_root(), open_pipeline(manifest)
    truth = load_ground_truth(root / "test_open.json") if part is Part.TEST else load_ground_truth(root / "train.json", is_held_out)
    found = {
        name: to_instances(to_record(file, "", pipeline.best(root / "images" / file, EVERY_CANDIDATE)), truth.classes)
        for name, file in truth.files.items()
    }
    return evaluate(found, truth, manifest.detection.detect_and_segment_min_score)


def _measure_tiles(manifest: Manifest, part: Part) -> dict[str, float | None]:
    if part is not Part.TEST:
        return {}
    root, pipeline = tiles_root(), open_pipeline(manifest)
    truth = evaluate_tiles.load_truth(root / "test_open.json")
    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder) / "predictions.jsonl"
        with open(predictions, "w", encoding="utf-8") as lines:
            for entry in json.loads((root / "test_open.json").read_text()):
                record = to_record(entry["image"], manifest.reference, pipeline.best(root / "images" / entry["image"]))
                lines.write(json.dumps(record) + "\n")
        return evaluate_tiles.evaluate(load_label_maps(predictions, TILE_CLASSES), truth)[0]
