"""What model.json says of an exported network."""

import json
from pathlib import Path

from training.networks.boxes import DELTA_LOG_LIMIT, DELTA_WEIGHTS
from training.networks.ymasknet import FEATURE_CHANNELS, FEATURE_STRIDE, IMAGE_CROP_SIZE, MASK_SIZE, ROI_SIZE
from training.packaging.manifest_file import sha256

BOARD_SIZE = 640
"""Side of the network's input for boards, in pixels."""
LETTERBOX_VALUE = 114
MAX_ROIS = 300
DEFAULT_THRESHOLDS = {"detectMinScore": 0.35, "detectAndSegmentMinScore": 0.4}

BOARD_LICENCE = (
    "Trained on DeepPCB (Tang et al., arXiv 1902.06197), whose repository carries an MIT licence file and whose README"
    " asks for research use only."
)

TILE_LICENCE = (
    "Trained on the magnetic-tile defect data of Huang et al., Surface defect saliency of magnetic tile (The Visual"
    " Computer, 2020), whose README welcomes its use and asks for citation."
)


def head_of_manifest(package: Path, content: dict, description: str, tasks: list[str], roles: list[str]) -> dict:
    """What every manifest starts with; the package is the folder models/NAME/VERSION with the files of the roles."""
    return {
        "schemaVersion": 1,
        "name": package.parent.name,
        "version": int(package.name),
        "architecture": content["config"]["architecture"],
        "description": description,
        "tasks": tasks,
        "files": [{"role": role, "path": f"{role}.onnx", "sha256": sha256(package / f"{role}.onnx")} for role in roles],
        "classes": content["config"]["network"]["classes"],
    }


def grey_input(width: int, height: int) -> dict:
    """One grey channel, 0..1."""
    return {
        "tensor": "image",
        "width": width,
        "height": height,
        "channels": "gray",
        "mean": [0.0],
        "std": [1.0],
        "letterboxValue": LETTERBOX_VALUE,
    }


def detection(settings: dict, strides: tuple[int, ...], thresholds: dict[str, float]) -> dict:
    """The anchor heads and what is done with their candidates."""
    heads = [
        {"tensor": f"head{stride}", "stride": stride, "anchors": anchors}
        for stride, anchors in zip(strides, settings["anchors"], strict=True)
    ]
    return {
        "heads": heads,
        "candidateMinScore": 0.001,
        "maxCandidates": 3000,
        "nmsIouThreshold": 0.5,
        **thresholds,
        "defaultMaxDefects": 100,
        "maxRois": MAX_ROIS,
    }


def regions() -> dict:
    """The inputs of Y-MaskNet's second stage."""
    return {
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
    }


def refinement() -> dict:
    """The outputs of Y-MaskNet's second stage."""
    return {
        "maskTensor": "mask_logits",
        "maskSize": MASK_SIZE,
        "maskThreshold": 0.5,
        "classTensor": "class_logits",
        "deltaTensor": "box_deltas",
        "deltaWeights": list(DELTA_WEIGHTS),
        "logScaleClamp": DELTA_LOG_LIMIT,
        "score": "geometricMean",
    }


def semantic() -> dict:
    """The output of a whole-image segmentation."""
    return {"tensor": "logits", "backgroundClass": 0, "backgroundOffset": 0.0, "minRegionArea": 1}


def provenance(content: dict, licence: str) -> dict[str, str]:
    """Where the weights come from; `content` is that of a training run's ema.pt."""
    from_run = content["provenance"]
    return {
        "data": from_run["data"],
        "licence": licence,
        **{name: str(from_run[name]) for name in ("seed", "steps", "epochs", "minutes", "torch", "cpu")},
        "configuration": _as_text(content["config"]),
    }


def _as_text(config: dict) -> str:
    return json.dumps(config, sort_keys=True)
