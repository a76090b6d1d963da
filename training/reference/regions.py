"""RoIAlign of every input of stage 2."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.ops import roi_align

from .manifest import RegionInput


def region_inputs(boxes: np.ndarray, sources: dict[str, Tensor], inputs: tuple[RegionInput, ...]) -> Tensor:
    """Input of stage 2, float32 [R, channels, size, size], for boxes [R, 4] in network pixels.

    sources: "features" and "image" by name, [1, C, H, W].
    """
    corners = torch.from_numpy(np.ascontiguousarray(boxes, np.float32))
    regions = torch.cat([torch.zeros(len(corners), 1), corners], 1)
    parts = []
    for entry in inputs:
        sampled = roi_align(
            sources[entry.source],
            regions,
            entry.output_size,
            entry.spatial_scale,
            sampling_ratio=entry.sampling_ratio,
            aligned=True,
        )
        parts.append(F.pixel_unshuffle(sampled, entry.unshuffle) if entry.unshuffle > 1 else sampled)
    return torch.cat(parts, 1)
