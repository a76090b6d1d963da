"""Which cells of which head must find which defect."""

from typing import NamedTuple

import torch
from torch import Tensor


class Assignment(NamedTuple):
    """P positive cells of one head; all [P] int64."""

    image: Tensor
    anchor: Tensor
    row: Tensor
    column: Tensor
    target: Tensor
    """Index into the targets that were assigned."""


def assign(
    centers: Tensor, sizes: Tensor, images: Tensor, anchors: Tensor, stride: int, grid: tuple[int, int], max_ratio: float
) -> Assignment:
    """Assigns targets to the cells of one head.

    A target goes to every anchor whose width and height differ from its own by a factor below `max_ratio`, and there
    to the cell that holds its center and to the nearest cell beside it in x and in y (where that cell exists): three
    cells may learn from one defect, and each can reach its center with the decoding range of half a cell beyond its edge.

    centers, sizes: [T, 2] in pixels (x, y and width, height); images: [T]; anchors: [A, 2] in pixels; grid: (rows, columns).
    """
    rows, columns = grid
    ratio = sizes[:, None] / anchors[None]
    matches = torch.maximum(ratio, 1 / ratio).amax(2) < max_ratio
    target, anchor = matches.nonzero(as_tuple=True)

    position = centers[target] / stride
    limit = torch.tensor([columns - 1, rows - 1], device=position.device)
    cell = torch.minimum(position.long(), limit).clamp(min=0)
    step = torch.where(position - cell < 0.5, -1, 1)
    beside_x = cell + step * torch.tensor([1, 0], device=cell.device)
    beside_y = cell + step * torch.tensor([0, 1], device=cell.device)

    cells = torch.cat([cell, beside_x, beside_y])
    inside = ((cells >= 0) & (cells <= limit)).all(1)
    cells, target, anchor = cells[inside], target.repeat(3)[inside], anchor.repeat(3)[inside]
    return Assignment(images[target], anchor, cells[:, 1], cells[:, 0], target)
