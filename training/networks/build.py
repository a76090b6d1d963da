"""Networks by the name of their architecture."""

from torch import nn

from training.networks.unet import UNet
from training.networks.ymasknet import YMaskNet
from training.networks.yolov5 import Yolov5

NETWORKS = {"ymasknet": YMaskNet, "yolov5": Yolov5, "unet": UNet}
"""Those that can be exported and served."""


def build_network(architecture: str, network: dict) -> nn.Module:
    """A new network from its architecture and the `network` section of a training configuration."""
    return NETWORKS[architecture].from_config(network)
