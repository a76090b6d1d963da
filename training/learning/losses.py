"""The joint loss of both stages."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from training.data.targets import Targets
from training.learning.assignment import assign
from training.networks.boxes import apply_deltas, decode_cells, encode_deltas, to_centers, to_corners
from training.networks.ymasknet import Stage1, Stage2Output

HEAD_BALANCE = (4.0, 1.0)
"""Weight of the objectness of each head: the finer one has four times the cells, nearly all of them empty."""


def complete_iou(boxes: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """CIoU and IoU of center boxes [P, 4] with center targets [P, 4], pair by pair (Zheng et al., arXiv 1911.08287)."""
    epsilon = 1e-7
    first, second = to_corners(boxes), to_corners(targets)
    overlap = (torch.minimum(first[:, 2:], second[:, 2:]) - torch.maximum(first[:, :2], second[:, :2])).clamp(min=0)
    intersection = overlap.prod(1)
    iou = intersection / (boxes[:, 2:].prod(1) + targets[:, 2:].prod(1) - intersection + epsilon)

    enclosing = torch.maximum(first[:, 2:], second[:, 2:]) - torch.minimum(first[:, :2], second[:, :2])
    distance = ((boxes[:, :2] - targets[:, :2]) ** 2).sum(1) / ((enclosing**2).sum(1) + epsilon)
    angle = torch.atan(targets[:, 2] / (targets[:, 3] + epsilon)) - torch.atan(boxes[:, 2] / (boxes[:, 3] + epsilon))
    aspect = 4 / math.pi**2 * angle**2
    with torch.no_grad():
        weight = aspect / (1 - iou + aspect + epsilon)
    return iou - distance - weight * aspect, iou


def detection_losses(stage1: Stage1, heads: list[Tensor], targets: Targets, max_ratio: float) -> dict[str, Tensor]:
    """Box (CIoU), objectness and class losses of stage 1. Objectness learns the IoU that its box reaches now."""
    box_loss = object_loss = class_loss = heads[0].new_zeros(())
    centers = to_centers(targets.boxes)
    for level, head in enumerate(heads):
        stride, anchors = stage1.strides[level], stage1.anchors[level]
        batch, channels, rows, columns = head.shape
        values = channels // stage1.anchor_count
        cells = head.view(batch, stage1.anchor_count, values, rows, columns).permute(0, 1, 3, 4, 2)
        objectness_target = cells.new_zeros(cells.shape[:4])

        positive = assign(centers[:, :2], centers[:, 2:], targets.image, anchors, stride, (rows, columns), max_ratio)
        if len(positive.target):
            at = (positive.image, positive.anchor, positive.row, positive.column)
            predicted = cells[at]
            cell = torch.stack([positive.column, positive.row], 1)
            boxes = decode_cells(predicted[:, :4], cell, anchors[positive.anchor], stride)
            ciou, iou = complete_iou(boxes, centers[positive.target])
            box_loss = box_loss + (1 - ciou).mean()
            objectness_target[at] = iou.detach().clamp(min=0)
            one_hot = F.one_hot(targets.classes[positive.target], stage1.class_count).to(predicted)
            class_loss = class_loss + F.binary_cross_entropy_with_logits(predicted[:, 5:], one_hot)
        object_loss = object_loss + HEAD_BALANCE[level] * F.binary_cross_entropy_with_logits(
            cells[..., 4], objectness_target
        )
    return {"box": box_loss, "objectness": object_loss, "class": class_loss}


def mask_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Binary cross entropy plus Dice over mask grids [P, 28, 28]; the targets are coverages 0..1.

    Dice is taken per region: pooled over the batch, large defects would hide the small ones.
    """
    if len(logits) == 0:
        return logits.sum()
    probability = logits.sigmoid()
    intersection = (probability * targets).sum((1, 2))
    total = probability.sum((1, 2)) + targets.sum((1, 2))
    dice = 1 - (2 * intersection + 1) / (total + 1)
    return F.binary_cross_entropy_with_logits(logits, targets) + dice.mean()


def refinement_losses(
    output: Stage2Output, classes: Tensor, mask_targets: Tensor, regions: Tensor, boxes: Tensor
) -> dict[str, Tensor]:
    """Losses of stage 2.

    classes: [R], C for background; of the P regions that are not background, in their order: mask_targets [P, 28, 28],
    the regions themselves and the boxes of their defects, [P, 4] corners. The mask of the true class alone is trained, so
    that classes do not compete.
    """
    background = output.class_logits.shape[1] - 1
    positive = (classes < background).nonzero(as_tuple=True)[0]
    deltas = output.box_deltas[positive]
    overlap, _ = complete_iou(to_centers(apply_deltas(regions, deltas)), to_centers(boxes))
    return {
        "mask": mask_loss(output.mask_logits[positive, classes[positive]], mask_targets),
        "refined_class": F.cross_entropy(output.class_logits, classes),
        "refined_box": F.smooth_l1_loss(deltas, encode_deltas(regions, boxes)) if len(positive) else deltas.sum(),
        "refined_overlap": (1 - overlap).mean() if len(positive) else deltas.sum(),
    }


def joint_loss(losses: dict[str, Tensor], weights: dict[str, float]) -> Tensor:
    """The weighted sum; `weights` names every loss."""
    return sum(weights[name] * value for name, value in losses.items())
