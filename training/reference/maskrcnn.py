"""Inspects images with the Mask R-CNN baseline of a training run.

    python3 -m training.reference.maskrcnn --weights .runs/pcb-maskrcnn/ema.pt --json OUT.jsonl FILE|FOLDER ...

Writes what `ymasknet inspect --json` writes, with every candidate that scores at least 0.001, at most 100 an image.
Images are taken in their own size.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.metrics.masks import crop
from training.networks.maskrcnn import build_maskrcnn

from .__main__ import image_files
from .pipeline import Defect, Inspection
from .pixels import load_samples
from .records import to_record

MASK_THRESHOLD = 0.5


class MaskRcnnPipeline:
    """The baseline on whole images, with the weights of a training run's `ema.pt`."""

    def __init__(self, weights: Path):
        content = torch.load(weights, map_location="cpu")
        self._classes = content["config"]["network"]["classes"]
        self._network = build_maskrcnn(content["config"]["network"])
        self._network.load_state_dict(content["weights"])
        self._network.eval()
        self.reference = f"{content['config']['name']}/0"

    @torch.no_grad()
    def best(self, path: Path) -> Inspection:
        """All that the network finds on an image file."""
        samples = torch.from_numpy(np.ascontiguousarray(load_samples(path, 1)))
        found = self._network([samples])[0]
        return to_inspection(found, self._classes, samples.shape[2], samples.shape[1])


def to_inspection(found: dict[str, Tensor], classes: list[str], width: int, height: int) -> Inspection:
    """torchvision's boxes [K, 4], labels [K] from 1 on, scores [K] and masks [K, 1, H, W] of one image."""
    defects = [
        Defect(classes[int(label) - 1], float(score), tuple(map(float, box)), crop(mask[0].numpy() > MASK_THRESHOLD))
        for box, label, score, mask in zip(found["boxes"], found["labels"], found["scores"], found["masks"])
    ]
    return Inspection(width, height, defects)


def main() -> int:
    """Writes the predictions of the baseline."""
    parser = argparse.ArgumentParser(prog="training.reference.maskrcnn", description="Inspects with Mask R-CNN.")
    parser.add_argument("images", type=Path, nargs="+", help="files or folders")
    parser.add_argument("--weights", type=Path, required=True, help="ema.pt of a training run")
    parser.add_argument("--json", type=Path, required=True, help="output: one JSON object per image and line")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    pipeline = MaskRcnnPipeline(arguments.weights)
    with open(arguments.json, "w", encoding="utf-8") as lines:
        for path in image_files(arguments.images):
            lines.write(json.dumps(to_record(path.name, pipeline.reference, pipeline.best(path))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
