"""Fitting an image into the network's input, and coordinates there and back."""

from dataclasses import dataclass
from math import floor

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .manifest import Input


@dataclass(frozen=True)
class Letterbox:
    """Where an image of `image_width` x `image_height` lies in the network's input, in whole network pixels."""

    image_width: int
    image_height: int
    left: int
    top: int
    width: int
    height: int

    @staticmethod
    def fit(image_width: int, image_height: int, network: Input) -> "Letterbox":
        """The largest centred placement that keeps the aspect ratio."""
        ratio = min(network.width / image_width, network.height / image_height)
        width = max(1, floor(image_width * ratio + 0.5))
        height = max(1, floor(image_height * ratio + 0.5))
        return Letterbox(
            image_width, image_height, (network.width - width) // 2, (network.height - height) // 2, width, height
        )

    def to_network(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes [K, 4] (x1, y1, x2, y2) from image to network pixels."""
        return boxes * self._scale() + self._offset()

    def to_image(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes [K, 4] from network to image pixels, clipped to the image."""
        limits = np.array([self.image_width, self.image_height] * 2, np.float64)
        return ((boxes - self._offset()) / self._scale()).clip(0.0, limits)

    def clip(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes [K, 4] in network pixels, clipped to the content rectangle."""
        low = self._offset()
        return boxes.clip(low, low + np.array([self.width, self.height] * 2, np.float64))

    def _scale(self) -> np.ndarray:
        return np.array([self.width / self.image_width, self.height / self.image_height] * 2)

    def _offset(self) -> np.ndarray:
        return np.array([self.left, self.top] * 2, np.float64)


def place(samples: np.ndarray, letterbox: Letterbox, network: Input) -> Tensor:
    """Network input, float32 [1, C, H, W], from samples [C, h, w] in 0..1."""
    content = torch.from_numpy(np.ascontiguousarray(samples))[None]
    if content.shape[2:] != (letterbox.height, letterbox.width):
        content = F.interpolate(
            content, size=(letterbox.height, letterbox.width), mode="bilinear", align_corners=False, antialias=False
        )
    image = torch.full((1, network.channels, network.height, network.width), network.letterbox_value / 255)
    rows = slice(letterbox.top, letterbox.top + letterbox.height)
    columns = slice(letterbox.left, letterbox.left + letterbox.width)
    image[:, :, rows, columns] = content
    mean, std = (torch.tensor(values).view(1, -1, 1, 1) for values in (network.mean, network.std))
    return (image - mean) / std
