"""What a batch of boards should be found to hold."""

from typing import NamedTuple

import torch
from torch import Tensor


class Targets(NamedTuple):
    """The T defects of a batch."""

    image: Tensor
    """[T] int64, index into the batch."""
    boxes: Tensor
    """[T, 4] float32, corners in pixels."""
    classes: Tensor
    """[T] int64, 0..C-1."""
    instance: Tensor
    """[T] int64, the defect's value in its image's label map."""

    def to(self, device: torch.device) -> "Targets":
        """The same targets on another device."""
        return Targets(*(field.to(device) for field in self))
