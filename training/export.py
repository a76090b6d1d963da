"""Exports a trained network as a model package.

    python3 -m training.export --weights .runs/pcb-ymasknet/ema.pt --package models/pcb-ymasknet/1

Writes the ONNX files and model.json as docs/model-package.md describes. Thresholds of a model.json that is there already
are kept with `--keep-thresholds`. `training.release` does the whole sequence.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Callable

import torch

from training.networks.unet import UNet
from training.networks.ymasknet import ROI_CHANNELS, ROI_SIZE, Stage1, YMaskNet
from training.networks.yolov5 import Yolov5
from training.packaging import manifest as sections
from training.packaging.manifest_file import read_manifest, write_manifest
from training.packaging.onnx_files import export_stage
from training.reference.weights import NETWORK_KEY, from_training

DEFECTS = "the six DeepPCB defect kinds on bare printed circuit boards"


def export_package(weights: Path, package: Path, thresholds: dict[str, float] | None = None) -> None:
    """Writes the package from a training run's `ema.pt`; goldens and accuracy are added by later steps."""
    network, content = from_training(weights)
    package.mkdir(parents=True, exist_ok=True)
    export = EXPORTS[content["config"]["architecture"]]
    write_manifest(package, export(network, content, package, thresholds or sections.DEFAULT_THRESHOLDS))


def export_ymasknet(network: YMaskNet, content: dict, package: Path, thresholds: dict[str, float]) -> dict:
    """Writes both stages and returns the manifest."""
    _export_detector(network.stage1, content, package, ["p2"])
    export_stage(
        network.stage2,
        torch.rand(2, ROI_CHANNELS, ROI_SIZE, ROI_SIZE),
        package / "stage2.onnx",
        ["rois"],
        ["mask_logits", "class_logits", "box_deltas"],
        "R",
        {},
    )
    tasks = ["detect", "segment", "detectAndSegment"]
    return {
        **sections.head_of_manifest(package, content, f"Finds and outlines {DEFECTS}.", tasks, ["stage1", "stage2"]),
        "input": sections.grey_input(sections.BOARD_SIZE, sections.BOARD_SIZE),
        "detection": sections.detection(content["config"]["network"], network.stage1.strides, thresholds),
        "regions": sections.regions(),
        "refinement": sections.refinement(),
        "provenance": sections.provenance(content, sections.BOARD_LICENCE),
    }


def export_yolov5(network: Yolov5, content: dict, package: Path, thresholds: dict[str, float]) -> dict:
    """Writes the detector and returns the manifest."""
    _export_detector(network.stage1, content, package, [])
    return {
        **sections.head_of_manifest(package, content, f"Finds {DEFECTS}.", ["detect"], ["stage1"]),
        "input": sections.grey_input(sections.BOARD_SIZE, sections.BOARD_SIZE),
        "detection": sections.detection(content["config"]["network"], network.stage1.strides, thresholds),
        "provenance": sections.provenance(content, sections.BOARD_LICENCE),
    }


def export_unet(network: UNet, content: dict, package: Path, thresholds: dict[str, float]) -> dict:
    """Writes the network and returns the manifest; a pixel's class is its largest logit, so there are no thresholds."""
    settings = content["config"]["network"]
    width, height = settings["width"], settings["height"]
    example = torch.rand(1, 1, height, width)
    metadata = {NETWORK_KEY: json.dumps(settings)}
    export_stage(network, example, package / "stage1.onnx", ["image"], ["logits"], "N", metadata)
    description = "Segments the five kinds of surface defects on magnetic tiles."
    return {
        **sections.head_of_manifest(package, content, description, ["segment"], ["stage1"]),
        "input": sections.grey_input(width, height),
        "semantic": sections.semantic(),
        "provenance": sections.provenance(content, sections.TILE_LICENCE),
    }


EXPORTS: dict[str, Callable[..., dict]] = {
    "ymasknet": export_ymasknet,
    "yolov5": export_yolov5,
    "unet": export_unet,
}


def _export_detector(stage1: Stage1, content: dict, package: Path, features: list[str]) -> None:
    export_stage(
        stage1,
        torch.rand(1, 1, sections.BOARD_SIZE, sections.BOARD_SIZE),
        package / "stage1.onnx",
        ["image"],
        [f"head{stride}" for stride in stage1.strides] + features,
        "N",
        {NETWORK_KEY: json.dumps(content["config"]["network"])},
    )


def main() -> int:
    """Writes the package named on the command line."""
    parser = argparse.ArgumentParser(prog="training.export", description="Exports a network as a model package.")
    parser.add_argument("--weights", type=Path, required=True, help="ema.pt of a training run")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    parser.add_argument("--keep-thresholds", action="store_true", help="of the package's present model.json")
    arguments = parser.parse_args()
    thresholds = None
    if arguments.keep_thresholds:
        section = read_manifest(arguments.package).get("detection", {})
        thresholds = {name: section[name] for name in sections.DEFAULT_THRESHOLDS if name in section}
    export_package(arguments.weights, arguments.package, thresholds)
    print(f"{arguments.package}: {', '.join(sorted(path.name for path in arguments.package.iterdir()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
