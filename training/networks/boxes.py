"""Box arithmetic shared by training and inference. Boxes are [..., 4] of x1, y1, x2, y2 in pixels unless said otherwise."""

import torch
from torch import Tensor

DELTA_WEIGHTS = (10.0, 10.0, 5.0, 5.0)
"""Scale of the refinement deltas, so that dx, dy, dw, dh have about unit spread."""
DELTA_LOG_LIMIT = 1.0
"""Largest |log| change of width or height that one refinement may make."""


def to_centers(boxes: Tensor) -> Tensor:
    """Corner boxes to center x, center y, width, height."""
    size = boxes[..., 2:] - boxes[..., :2]
    return torch.cat([boxes[..., :2] + size / 2, size], -1)


def to_corners(boxes: Tensor) -> Tensor:
    """Center boxes (cx, cy, w, h) to corners."""
    half = boxes[..., 2:] / 2
    return torch.cat([boxes[..., :2] - half, boxes[..., :2] + half], -1)


def decode_cells(values: Tensor, cells: Tensor, anchors: Tensor, stride: int) -> Tensor:
    """Raw x, y, w, h of a head to center boxes in pixels.

    values: [..., 4] raw; cells: [..., 2] column and row; anchors: [..., 2] width and height in pixels. The center may
    leave its cell by half a cell, and the size reaches from 0 to 4 times the anchor.
    """
    sigmoid = values.sigmoid()
    center = (sigmoid[..., :2] * 2 - 0.5 + cells) * stride
    return torch.cat([center, (sigmoid[..., 2:] * 2) ** 2 * anchors], -1)


def decode_head(head: Tensor, anchors: Tensor, stride: int) -> Tensor:
    """One raw head [N, A * (5 + C), h, w] to [N, A * h * w, 5 + C].

    A row holds x1, y1, x2, y2 in pixels, the objectness and the class probabilities; rows run over anchors, then rows,
    then columns of the grid.
    """
    batch, channels, height, width = head.shape
    anchor_count = anchors.shape[0]
    values = head.view(batch, anchor_count, channels // anchor_count, height, width).permute(0, 1, 3, 4, 2)
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    cells = torch.stack([columns, rows], -1).to(head)
    boxes = to_corners(decode_cells(values[..., :4], cells, anchors.view(1, anchor_count, 1, 1, 2), stride))
    return torch.cat([boxes, values[..., 4:].sigmoid()], -1).reshape(batch, -1, channels // anchor_count)


def encode_deltas(regions: Tensor, targets: Tensor) -> Tensor:
    """The deltas [R, 4] that move `regions` [R, 4] onto `targets` [R, 4]."""
    source, target = to_centers(regions), to_centers(targets)
    shift = (target[:, :2] - source[:, :2]) / source[:, 2:]
    scale = torch.log(target[:, 2:] / source[:, 2:])
    return torch.cat([shift, scale], 1) * regions.new_tensor(DELTA_WEIGHTS)


def apply_deltas(regions: Tensor, deltas: Tensor) -> Tensor:
    """Regions [R, 4] moved by the deltas [R, 4] of stage 2; not clipped to the image."""
    source = to_centers(regions)
    deltas = deltas / deltas.new_tensor(DELTA_WEIGHTS)
    center = source[:, :2] + deltas[:, :2] * source[:, 2:]
    size = source[:, 2:] * torch.exp(deltas[:, 2:].clamp(-DELTA_LOG_LIMIT, DELTA_LOG_LIMIT))
    return to_corners(torch.cat([center, size], 1))


def pairwise_iou(first: Tensor, second: Tensor) -> Tensor:
    """IoU of every box of `first` [..., M, 4] with every box of `second` [..., K, 4]: [..., M, K]."""
    low = torch.maximum(first[..., :, None, :2], second[..., None, :, :2])
    high = torch.minimum(first[..., :, None, 2:], second[..., None, :, 2:])
    intersection = (high - low).clamp(min=0).prod(-1)
    first_area = (first[..., 2:] - first[..., :2]).prod(-1)[..., :, None]
    second_area = (second[..., 2:] - second[..., :2]).prod(-1)[..., None, :]
    return intersection / (first_area + second_area - intersection).clamp(min=1e-7)
