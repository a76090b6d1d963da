"""Measures a training run on test_open, from its weights to the row of a table.

    YMASKNET_DATA=... python3 -m training.measure --weights .runs/pcb-yolov5/ema.pt --out docs/accuracy/pcb-yolov5.json

Chooses the score threshold on the held-out train boards, as a release does, then writes every figure with its interval,
what the run cost and how many weights it has; beside it, as NAME.curves.json, precision over recall. `--predictions`
keeps what was found on test_open.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Callable

import torch

from training.data.deeppcb import dataset_root, is_held_out
from training.evaluate import details, intervals, summarise
from training.export import export_package
from training.metrics.figures import precision_curves
from training.metrics.ground_truth import GroundTruth, load_ground_truth
from training.metrics.instances import Instances
from training.metrics.measurement import Measurement
from training.metrics.predictions import to_instances
from training.reference.manifest import load_manifest
from training.reference.maskrcnn import MaskRcnnPipeline
from training.reference.open import open_pipeline
from training.reference.pipeline import EVERY_CANDIDATE, Inspection
from training.reference.records import to_record
from training.thresholds import best_threshold

COPIED = ("steps", "epochs", "minutes", "seed", "cpu")
"""What is noted of the run's provenance."""


def find_everything(weights: Path, content: dict) -> tuple[Callable[[Path], Inspection], float | None]:
    """What a trained network finds on an image file, every candidate of it; and the size of its ONNX files in MB, which
    the baseline does not have."""
    if content["config"]["architecture"] == "maskrcnn":
        return MaskRcnnPipeline(weights).best, None
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / content["config"]["name"] / "1"
        export_package(weights, package)
        megabytes = sum(path.stat().st_size for path in package.glob("*.onnx")) / 1e6
        pipeline = open_pipeline(load_manifest(package))
    return lambda path: pipeline.best(path, EVERY_CANDIDATE), megabytes


def predict(find: Callable[[Path], Inspection], truth: GroundTruth, images: Path) -> dict[str, dict]:
    """Records by image name."""
    return {name: to_record(file, "", find(images / file)) for name, file in truth.files.items()}


def _instances(records: dict[str, dict], truth: GroundTruth) -> dict[str, Instances]:
    return {name: to_instances(record, truth.classes) for name, record in records.items()}


def images_seen(config: dict, steps: int) -> int:
    """Views that a run learned from."""
    return steps * config["optimizer"]["batch_size"] * config.get("processes", 1)


def measure(weights: Path) -> tuple[dict, dict, list[dict]]:
    """Figures, curves and the records of test_open."""
    content = torch.load(weights, map_location="cpu")
    find, megabytes = find_everything(weights, content)
    root = dataset_root()
    held_out, test = load_ground_truth(root / "train.json", is_held_out), load_ground_truth(root / "test_open.json")
    chosen = best_threshold(
        list(_instances(predict(find, held_out, root / "images"), held_out).values()), list(held_out.images.values())
    )
    records = predict(find, test, root / "images")
    # A detector alone has no masks: its boxes stand for them, as in the paper.
    box_masks = content["config"]["architecture"] == "yolov5"
    measurement = Measurement(_instances(records, test), test, chosen.min_score, box_masks)
    parameters = sum(value.numel() for name, value in content["weights"].items() if name.endswith(("weight", "bias")))
    figures = {
        "run": {name: content["provenance"][name] for name in COPIED},
        "images_seen": images_seen(content["config"], content["provenance"]["steps"]),
        "parameters": round(parameters / 1e6, 2),
        **({"megabytes": round(megabytes, 1)} if megabytes else {}),
        **summarise(measurement),
        **details(measurement),
        "intervals": intervals(measurement),
    }
    return figures, precision_curves(measurement), list(records.values())


def main() -> int:
    """Writes the figures and prints the main ones."""
    parser = argparse.ArgumentParser(prog="training.measure", description="Measures a training run on test_open.")
    parser.add_argument("--weights", type=Path, required=True, help="ema.pt of a training run")
    parser.add_argument("--out", type=Path, required=True, help="JSON file for the figures")
    parser.add_argument("--predictions", type=Path, help="keep what was found on test_open in this file")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    figures, curves, records = measure(arguments.weights)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(figures, indent=1) + "\n")
    arguments.out.with_suffix(".curves.json").write_text(json.dumps(curves) + "\n")
    if arguments.predictions:
        arguments.predictions.write_text("".join(json.dumps(record) + "\n" for record in records))
    for name, reach in figures["intervals"].items():
        if reach:
            print(f"{name:16} {figures[name]:.4f} [{reach[0]:.4f}, {reach[1]:.4f}]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
