"""From a manifest to the pipeline that it calls for."""

from torch import nn

from .manifest import Manifest
from .onnx_network import OnnxModel
from .pipeline import Pipeline
from .semantic import SemanticPipeline
from .weights import from_package


def open_pipeline(manifest: Manifest, network: nn.Module | None = None) -> Pipeline | SemanticPipeline:
    """The pipeline of a package, with its own weights or with another (folded) network of the same architecture. The
    networks of other precisions than float32 run as their ONNX files say."""
    network = network or (from_package(manifest) if manifest.precision == "fp32" else OnnxModel(manifest))
    return SemanticPipeline(network, manifest) if manifest.semantic else Pipeline(network, manifest)
