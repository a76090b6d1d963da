"""ONNX files from PyTorch networks."""

from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

OPSET = 16


def export_stage(
    stage: nn.Module,
    example: Tensor,
    path: Path,
    inputs: list[str],
    outputs: list[str],
    batch_axis: str,
    metadata: dict[str, str],
) -> None:
    """Writes a network with folded normalisation as an ONNX file whose first axis is free.

    inputs, outputs: names in the order of the stage's own, lists of tensors flattened; metadata: written into the file.
    """
    torch.onnx.export(
        stage,
        example,
        str(path),
        opset_version=OPSET,
        input_names=inputs,
        output_names=outputs,
        dynamic_axes={name: {0: batch_axis} for name in inputs + outputs},
        do_constant_folding=True,
        keep_initializers_as_inputs=False,
    )
    model = onnx.load(str(path))
    _state_shapes(model, stage, example)
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))


def _state_shapes(model: onnx.ModelProto, stage: nn.Module, example: Tensor) -> None:
    """Writes the outputs' sizes, apart from the batch's, into the file: the exporter loses them behind a Resize."""
    with torch.no_grad():
        results = _flatten(stage(example))
    for output, result in zip(model.graph.output, results, strict=True):
        for dimension, size in zip(output.type.tensor_type.shape.dim[1:], result.shape[1:], strict=True):
            dimension.dim_value = size


def _flatten(results: Tensor | list | tuple | None) -> list[Tensor]:
    if results is None:
        return []
    if isinstance(results, Tensor):
        return [results]
    return [tensor for result in results for tensor in _flatten(result)]
