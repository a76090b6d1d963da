"""Which regions stage 2 learns from."""

from typing import NamedTuple

import torch
from torch import Tensor

from training.data.targets import Targets
from training.networks.boxes import decode_head, pairwise_iou, to_centers, to_corners
from training.networks.ymasknet import Stage1

POSITIVE_IOU = 0.5
"""A proposal with at least this IoU shows its defect."""
NEGATIVE_IOU = 0.3
"""A proposal with less than this IoU with every defect shows background."""
CENTER_JITTER = 0.12
"""Largest shift of a jittered true box, in parts of its size."""
LOG_SIZE_JITTER = 0.2
SMALLEST_SIDE = 4.0
"""Proposals with a shorter side, in pixels, are passed over."""


class RegionSamples(NamedTuple):
    """R regions of a batch."""

    regions: Tensor
    """[R, 5]: image index, x1, y1, x2, y2 in pixels."""
    target: Tensor
    """[R] int64, index into the batch's targets; -1 for background."""


@torch.no_grad()
def best_proposals(stage1: Stage1, heads: list[Tensor], count: int, height: int, width: int) -> Tensor:
    """The `count` boxes of highest objectness per image, [N, count, 4], clipped to the image."""
    rows = torch.cat([decode_head(h.detach(), a, s) for h, a, s in zip(heads, stage1.anchors, stage1.strides)], 1)
    best = rows[..., 4].topk(count, 1).indices
    boxes = rows[..., :4].gather(1, best[..., None].expand(-1, -1, 4))
    return clip(boxes, height, width)


def clip(boxes: Tensor, height: int, width: int) -> Tensor:
    """Boxes [..., 4] cut at the edges of the image."""
    return torch.minimum(boxes.clamp(min=0), boxes.new_tensor([width, height, width, height]))


@torch.no_grad()
def sample_regions(
    proposals: Tensor, targets: Targets, positives: int, negatives: int, height: int, width: int
) -> RegionSamples:
    """Draws regions for stage 2: at most `positives` and `negatives` per image.

    Up to half the positives are proposals that found a defect; the rest are true boxes, jittered, so that stage 2 learns
    from the first step on. Negatives are proposals that found nothing, the mistakes that stage 2 must turn down.
    """
    boxes = proposals.reshape(-1, 4)
    image = torch.arange(len(proposals), device=boxes.device).repeat_interleave(proposals.shape[1])
    usable = ((boxes[:, 2:] - boxes[:, :2]) > SMALLEST_SIDE).all(1)
    best_iou, best_target = _match(boxes, image, targets)

    found = draw_per_image(image, usable & (best_iou >= POSITIVE_IOU), len(proposals), positives // 2)
    missed = draw_per_image(image, usable & (best_iou < NEGATIVE_IOU), len(proposals), negatives)

    # Half of the positives at least are jittered true boxes; where few proposals found one, more are.
    room = positives - torch.bincount(image[found], minlength=len(proposals))
    everything = torch.ones_like(targets.image, dtype=torch.bool)
    true_boxes = draw_per_image(targets.image, everything, len(proposals), room)
    jittered = clip(jitter(targets.boxes[true_boxes]), height, width)

    regions = torch.cat([boxes[found], jittered, boxes[missed]])
    images = torch.cat([image[found], targets.image[true_boxes], image[missed]])
    target = torch.cat([best_target[found], true_boxes, torch.full_like(missed, -1)])
    return RegionSamples(torch.cat([images[:, None].to(regions), regions], 1), target)


def jitter(boxes: Tensor) -> Tensor:
    """Boxes [K, 4], shifted and resized at random."""
    centers = to_centers(boxes)
    size = centers[:, 2:]
    shift = (torch.rand_like(size) * 2 - 1) * CENTER_JITTER * size
    scale = torch.exp((torch.rand_like(size) * 2 - 1) * LOG_SIZE_JITTER)
    return to_corners(torch.cat([centers[:, :2] + shift, size * scale], 1))


def draw_per_image(image: Tensor, eligible: Tensor, image_count: int, limit: int | Tensor) -> Tensor:
    """Indices of at most `limit` (one for all, or [N]) random eligible entries of every image.

    image: [K] int64; eligible: [K] bool.
    """
    candidates = eligible.nonzero(as_tuple=True)[0]
    candidates = candidates[torch.randperm(len(candidates), device=candidates.device)]
    candidates = candidates[torch.argsort(image[candidates], stable=True)]
    owner = image[candidates]
    counts = torch.bincount(owner, minlength=image_count)
    rank = torch.arange(len(candidates), device=image.device) - (counts.cumsum(0) - counts)[owner]
    limits = limit[owner] if isinstance(limit, Tensor) else limit
    return candidates[rank < limits]


def _match(boxes: Tensor, image: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
    """Per box the best IoU with a target of its own image, and that target's index."""
    if len(targets.image) == 0:
        return boxes.new_zeros(len(boxes)), torch.full((len(boxes),), -1, device=boxes.device)
    iou = pairwise_iou(boxes, targets.boxes)
    iou = torch.where(image[:, None] == targets.image[None], iou, torch.zeros_like(iou))
    return iou.max(1)
