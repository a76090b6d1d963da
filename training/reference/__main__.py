"""Inspects images with the reference pipeline.

    python3 -m training.reference --package models/pcb-ymasknet/1 --json OUT.jsonl FILE|FOLDER ...

Writes what `ymasknet inspect --json` writes; a detector alone has no masks, a semantic model segments whole images. The weights are read out of the package's ONNX files, or with
`--weights ema.pt` from a training run; everything else comes from the package's manifest.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from .manifest import PRECISIONS, ManifestError, load_manifest
from .open import open_pipeline
from .pipeline import Filter, Pipeline, Region
from .pixels import UnsupportedImageError
from .records import to_record
from .semantic import SemanticPipeline
from .weights import WeightsError, from_training

IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"}
PROGRESS_STEP = 25


def image_files(paths: list[Path]) -> list[Path]:
    """The given files, and the images of the given folders by name."""
    files = []
    for path in paths:
        if path.is_dir():
            files.extend(sorted(entry for entry in path.iterdir() if entry.suffix.lower() in IMAGE_SUFFIXES))
        else:
            files.append(path)
    return files


def parse_region(text: str) -> Region:
    """X,Y,WIDTH,HEIGHT[,CLASS] in image pixels."""
    x, y, width, height, *name = text.split(",", 4)
    left, top = float(x), float(y)
    return Region((left, top, left + float(width), top + float(height)), name[0] if name else None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training.reference", description="Inspects images with PyTorch.")
    parser.add_argument("images", type=Path, nargs="+", help="files or folders")
    parser.add_argument("--package", type=Path, required=True, help="model package: a folder with model.json")
    parser.add_argument("--precision", choices=PRECISIONS, default="fp32", help="which of the package's networks to run")
    parser.add_argument("--weights", type=Path, help="ema.pt of a training run, in place of the package's weights")
    parser.add_argument("--json", type=Path, required=True, help="output: one JSON object per image and line")
    parser.add_argument("--task", choices=("detect", "segment", "both"), default="both")
    parser.add_argument("--min-score", type=float)
    parser.add_argument("--nms-iou", type=float)
    parser.add_argument("--max-defects", type=int)
    parser.add_argument("--roi", type=parse_region, action="append", default=[], help="X,Y,WIDTH,HEIGHT[,CLASS]")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _inspect(pipeline: Pipeline | SemanticPipeline, path: Path, arguments: argparse.Namespace):
    if isinstance(pipeline, SemanticPipeline):
        return pipeline.segment(path)
    options = Filter(arguments.min_score, arguments.nms_iou, arguments.max_defects)
    if arguments.task == "detect":
        return pipeline.detect(path, options)
    if arguments.task == "segment":
        return pipeline.segment(path, arguments.roi)
    return pipeline.best(path, options)


def main() -> int:
    """Exit code 2 where the package, the weights or an image cannot be used."""
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    try:
        manifest = load_manifest(arguments.package, arguments.precision)
        pipeline = open_pipeline(manifest, from_training(arguments.weights)[0] if arguments.weights else None)
        if arguments.task == "segment" and not manifest.semantic and not arguments.roi:
            print("reference: --task segment needs --roi", file=sys.stderr)
            return 2
        files = image_files(arguments.images)
        with open(arguments.json, "w", encoding="utf-8") as lines:
            for number, path in enumerate(files, 1):
                record = to_record(path.name, manifest.reference, _inspect(pipeline, path, arguments))
                lines.write(json.dumps(record) + "\n")
                if number % PROGRESS_STEP == 0:
                    print(f"{number} of {len(files)} images", file=sys.stderr)
    except (ManifestError, WeightsError, UnsupportedImageError, OSError) as error:
        print(f"reference: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
