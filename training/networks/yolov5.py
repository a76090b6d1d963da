"""The detector alone: stage 1 of Y-MaskNet without the feature map that it would share."""

from torch import Tensor, nn

from .ymasknet import Stage1


class Yolov5(nn.Module):
    """Backbone, feature pyramid and anchor heads, as in Y-MaskNet's stage 1."""

    def __init__(self, stage1: Stage1):
        super().__init__()
        self.stage1 = stage1

    @staticmethod
    def from_config(network: dict) -> "Yolov5":
        """Builds the network from the `network` section of a training configuration."""
        return Yolov5(Stage1.from_config(network, with_features=False))

    def forward(self, images: Tensor) -> list[Tensor]:
        """Raw heads of images [N, 1, H, W], float 0..1."""
        return self.stage1(images).heads
