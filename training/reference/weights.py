"""The network's weights, from a training run or out of a package's ONNX files.

Batch normalisation is folded into the convolutions before the export, and the ONNX initializers keep the names of the
folded modules' parameters. So a package alone is enough to run the network in PyTorch.
"""

import json
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from training.networks.blocks import ConvBlock
from training.networks.build import build_network

from .manifest import Manifest

NETWORK_KEY = "ymasknet.network"
"""Key of stage 1's ONNX metadata that holds the `network` section of the training configuration as JSON."""


class WeightsError(ValueError):
    """Weights that do not fit the network; the message names the file."""


def fold_batch_norm(network: nn.Module) -> nn.Module:
    """Folds every `ConvBlock`'s normalisation into its convolution, in place, and returns the network in eval mode."""
    network.eval()
    for block in [module for module in network.modules() if isinstance(module, ConvBlock)]:
        convolution, normalisation, _ = block
        block[0] = fuse_conv_bn_eval(convolution, normalisation)
        block[1] = nn.Identity()
    return network


def from_training(path: Path) -> tuple[nn.Module, dict]:
    """The folded network of a training run's `ema.pt`, and the whole content of that file."""
    content = torch.load(path, map_location="cpu")
    config = content["config"]
    network = build_network(config["architecture"], config["network"])
    network.load_state_dict(content["weights"])
    return fold_batch_norm(network), content


def from_package(manifest: Manifest) -> nn.Module:
    """The folded network of a model package. Raises `WeightsError`."""
    stage1 = onnx.load(str(manifest.stage1))
    metadata = {entry.key: entry.value for entry in stage1.metadata_props}
    if NETWORK_KEY not in metadata:
        raise WeightsError(f"{manifest.stage1}: no {NETWORK_KEY} in its metadata")
    network = fold_batch_norm(build_network(manifest.architecture, json.loads(metadata[NETWORK_KEY])))
    _load(getattr(network, "stage1", network), stage1, manifest.stage1)
    if manifest.stage2:
        _load(network.stage2, onnx.load(str(manifest.stage2)), manifest.stage2)
    return network


def _load(stage: nn.Module, model: onnx.ModelProto, path: Path) -> None:
    stored = {entry.name: torch.from_numpy(numpy_helper.to_array(entry).copy()) for entry in model.graph.initializer}
    parameters = dict(stage.named_parameters())
    missing = sorted(parameters.keys() - stored.keys())
    if missing:
        raise WeightsError(f"{path}: no initializers for {', '.join(missing)}")
    with torch.no_grad():
        for name, parameter in parameters.items():
            if stored[name].shape != parameter.shape:
                raise WeightsError(f"{path}: {name} is {tuple(stored[name].shape)}, not {tuple(parameter.shape)}")
            parameter.copy_(stored[name])
