"""Exports a trained network as a model package.

    python3 -m training.export --weights .runs/pcb-ymasknet/ema.pt --package models/pcb-ymasknet/1

Writes stage1.onnx, stage2.onnx and model.json as docs/model-package.md describes. Thresholds of a model.json that is
there already are kept with `--keep-thresholds`. `training.release` does the whole sequence.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from .networks.boxes import DELTA_LOG_LIMIT, DELTA_WEIGHTS
from .networks.ymasknet import (
    FEATURE_CHANNELS,
    FEATURE_STRIDE,
    IMAGE_CROP_SIZE,
    MASK_SIZE,
    ROI_CHANNELS,
    ROI_SIZE,
    YMaskNet,
)
from .reference.weights import NETWORK_KEY, from_training

OPSET = 16
INPUT_SIZE = 640
LETTERBOX_VALUE = 114
MAX_ROIS = 300
DEFAULT_THRESHOLDS = {"detectMinScore": 0.35, "detectAndSegmentMinScore": 0.4}

DATA_LICENCE = (
    "Trained on DeepPCB (Tang et al., arXiv 1902.06197), whose repository carries an MIT licence file and whose README"
    " asks for research use only."
)


def export_package(weights: Path, package: Path, thresholds: dict[str, float] | None = None) -> None:
    """Writes the package from a training run's `ema.pt`; goldens and accuracy are added by later steps."""
    network, content = from_training(weights)
    package.mkdir(parents=True, exist_ok=True)
    settings = content["config"]["network"]
    _export(
        network.stage1,
        torch.rand(1, 1, INPUT_SIZE, INPUT_SIZE),
        package / "stage1.onnx",
        ["image"],
        [f"head{stride}" for stride in network.stage1.strides] + ["p2"],
        "N",
        {NETWORK_KEY: json.dumps(settings)},
    )
    _export(
        network.stage2,
        torch.rand(2, ROI_CHANNELS, ROI_SIZE, ROI_SIZE),
        package / "stage2.onnx",
        ["rois"],
        ["mask_logits", "class_logits", "box_deltas"],
        "R",
        {},
    )
    manifest = build_manifest(network, content, package, thresholds or DEFAULT_THRESHOLDS)
    write_manifest(package, manifest)


def build_manifest(network: YMaskNet, content: dict, package: Path, thresholds: dict[str, float]) -> dict:
    """The content of model.json for the ONNX files that stand in `package`."""
    settings, provenance = content["config"]["network"], content["provenance"]
    heads = [
        {"tensor": f"head{stride}", "stride": stride, "anchors": anchors}
        for stride, anchors in zip(network.stage1.strides, settings["anchors"], strict=True)
    ]
    return {
        "schemaVersion": 1,
        "name": package.parent.name,
        "version": int(package.name),
        "architecture": "ymasknet",
        "description": "Finds and outlines the six DeepPCB defect kinds on bare printed circuit boards.",
        "tasks": ["detect", "segment", "detectAndSegment"],
        "files": [
            {"role": role, "path": f"{role}.onnx", "sha256": sha256(package / f"{role}.onnx")}
            for role in ("stage1", "stage2")
        ],
        "classes": settings["classes"],
        "input": {
            "tensor": "image",
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "channels": "gray",
            "mean": [0.0],
            "std": [1.0],
            "letterboxValue": LETTERBOX_VALUE,
        },
        "detection": {
            "heads": heads,
            "candidateMinScore": 0.001,
            "maxCandidates": 3000,
            "nmsIouThreshold": 0.5,
            **thresholds,
            "defaultMaxDefects": 100,
            "maxRois": MAX_ROIS,
        },
        "regions": {
            "tensor": "rois",
            "inputs": [
                {
                    "source": "features",
                    "tensor": "p2",
                    "channels": FEATURE_CHANNELS,
                    "spatialScale": 1 / FEATURE_STRIDE,
                    "outputSize": ROI_SIZE,
                    "samplingRatio": 2,
                    "unshuffle": 1,
                },
                {
                    "source": "image",
                    "channels": 1,
                    "spatialScale": 1.0,
                    "outputSize": IMAGE_CROP_SIZE,
                    "samplingRatio": 1,
                    "unshuffle": IMAGE_CROP_SIZE // ROI_SIZE,
                },
            ],
        },
        "refinement": {
            "maskTensor": "mask_logits",
            "maskSize": MASK_SIZE,
            "maskThreshold": 0.5,
            "classTensor": "class_logits",
            "deltaTensor": "box_deltas",
            "deltaWeights": list(DELTA_WEIGHTS),
            "logScaleClamp": DELTA_LOG_LIMIT,
            "score": "geometricMean",
        },
        "provenance": {
            "data": provenance["data"],
            "licence": DATA_LICENCE,
            "seed": str(provenance["seed"]),
            "steps": str(provenance["steps"]),
            "epochs": str(provenance["epochs"]),
            "minutes": str(provenance["minutes"]),
            "torch": provenance["torch"],
            "cpu": provenance["cpu"],
            "configuration": json.dumps(content["config"], sort_keys=True),
        },
    }


def read_manifest(package: Path) -> dict:
    """The content of a package's model.json."""
    return json.loads((package / "model.json").read_text(encoding="utf-8"))


def write_manifest(package: Path, manifest: dict) -> None:
    """Writes model.json."""
    (package / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _export(
    stage: nn.Module,
    example: Tensor,
    path: Path,
    inputs: list[str],
    outputs: list[str],
    batch_axis: str,
    metadata: dict[str, str],
) -> None:
    torch.onnx.export(
        stage,
        example,
        str(path),
        opset_version=OPSET,
        input_names=inputs,
        output_names=outputs,
        dynamic_axes={name: {0: batch_axis} for name in inputs + outputs},
        do_constant_folding=True,
        keep_initializers_as_inputs=False,
    )
    model = onnx.load(str(path))
    _state_shapes(model, stage, example)
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))


def _state_shapes(model: onnx.ModelProto, stage: nn.Module, example: Tensor) -> None:
    """Writes the outputs' sizes, apart from the batch's, into the file: the exporter loses them behind a Resize."""
    with torch.no_grad():
        results = _flatten(stage(example))
    for output, result in zip(model.graph.output, results, strict=True):
        for dimension, size in zip(output.type.tensor_type.shape.dim[1:], result.shape[1:], strict=True):
            dimension.dim_value = size


def _flatten(results: "tuple") -> list[Tensor]:
    return [tensor for result in results for tensor in (result if isinstance(result, list) else [result])]


def main() -> int:
    """Writes the package named on the command line."""
    parser = argparse.ArgumentParser(prog="training.export", description="Exports a network as a model package.")
    parser.add_argument("--weights", type=Path, required=True, help="ema.pt of a training run")
    parser.add_argument("--package", type=Path, required=True, help="models/NAME/VERSION")
    parser.add_argument("--keep-thresholds", action="store_true", help="of the package's present model.json")
    arguments = parser.parse_args()
    thresholds = None
    if arguments.keep_thresholds:
        section = read_manifest(arguments.package)["detection"]
        thresholds = {name: section[name] for name in DEFAULT_THRESHOLDS}
    export_package(arguments.weights, arguments.package, thresholds)
    print(f"{arguments.package}: {', '.join(sorted(path.name for path in arguments.package.iterdir()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
