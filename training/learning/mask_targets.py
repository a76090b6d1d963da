"""What the mask head should say about a region."""

import torch
import torch.nn.functional as F
from torch import Tensor


def mask_targets(label_maps: Tensor, regions: Tensor, instances: Tensor, size: int, sampling: int = 2) -> Tensor:
    """Coverage of each region's own defect on a size x size grid: [R, size, size], 0..1.

    This is RoIAlign (aligned, `sampling`^2 bilinear samples per bin) of the mask "label map equals instance", computed
    from the label map directly so that no mask image is made per region.

    label_maps: [N, H, W] of small integers; regions: [R, 5] of image index, x1, y1, x2, y2; instances: [R].
    """
    height, width = label_maps.shape[1:]
    image = regions[:, 0].long()
    steps = (torch.arange(size * sampling, device=regions.device) + 0.5) / (size * sampling)
    # Pixel i covers [i, i + 1): its center, where its value holds, lies half a pixel further.
    x = regions[:, 1:2] + (regions[:, 3:4] - regions[:, 1:2]) * steps - 0.5
    y = regions[:, 2:3] + (regions[:, 4:5] - regions[:, 2:3]) * steps - 0.5
    left, right, x_weight = _neighbours(x, width)
    top, bottom, y_weight = _neighbours(y, height)

    flat = label_maps.reshape(-1)
    row_base = image[:, None] * height

    def sample(rows: Tensor, columns: Tensor) -> Tensor:
        index = ((row_base + rows) * width)[:, :, None] + columns[:, None, :]
        return (flat[index] == instances[:, None, None]).float()

    upper = torch.lerp(sample(top, left), sample(top, right), x_weight[:, None, :])
    lower = torch.lerp(sample(bottom, left), sample(bottom, right), x_weight[:, None, :])
    coverage = torch.lerp(upper, lower, y_weight[:, :, None])
    return F.avg_pool2d(coverage[:, None], sampling)[:, 0]


def _neighbours(position: Tensor, length: int) -> tuple[Tensor, Tensor, Tensor]:
    """The two pixels around each position along one axis, and the weight of the second."""
    position = position.clamp(0, length - 1)
    first = position.floor().long()
    return first, (first + 1).clamp(max=length - 1), position - first
