"""ONNX files run node by node in PyTorch: the reference for quantised networks.

Quantised values are kept as float32 tensors of whole numbers. A layer or a sum between DequantizeLinear and QuantizeLinear
is computed as a runtime for 8 bits does: products of whole numbers are added up exactly, and the sum is brought to the
result's scale by one float32 factor. To compute it in floating point instead would round some sums to the other side, and a
step here and there becomes thousandths of a score in the end.
"""

from collections import Counter
from pathlib import Path
from typing import Callable

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper
from torch import Tensor

from training.networks.ymasknet import Stage1Output, Stage2Output

from .manifest import Manifest

LOWEST = {np.dtype(np.uint8): 0, np.dtype(np.int8): -128}


class OnnxNetworkError(ValueError):
    """A file holds what this cannot run; the message names the file and the node."""


class OnnxNetwork:
    """A network of the operators that the project's exports consist of."""

    def __init__(self, path: Path):
        model = onnx.load(str(path))
        self._path = path
        self._nodes = list(model.graph.node)
        self._constants = {entry.name: _constant(entry) for entry in model.graph.initializer}
        self._input = model.graph.input[0].name
        self.outputs = tuple(output.name for output in model.graph.output)
        for node in self._nodes:
            if node.op_type == "Constant":
                self._constants[node.output[0]] = _constant(helper.get_attribute_value(node.attribute[0]))
            elif node.op_type not in OPERATORS:
                raise OnnxNetworkError(f"{path}: there is no operator {node.op_type} here")
        self._sources = {node.output[0]: list(node.input) for node in self._nodes if node.op_type == "DequantizeLinear"}
        self._whole = self._in_whole_numbers()
        self._fused = {node.output[0] for node in self._whole.values()}

    @torch.no_grad()
    def run(self, value: Tensor, observe: Callable[[str, Tensor], None] | None = None) -> dict[str, Tensor]:
        """The outputs by name. `observe` is called with the name and the value of every tensor as it is made."""
        values = {self._input: value}
        for node in self._nodes:
            result = node.output[0]
            if node.op_type == "Constant" or result in self._fused:
                continue
            inputs = [values.get(name, self._constants.get(name)) for name in node.input]
            if result in self._whole:
                values[result] = self._run_whole(self._whole[result], inputs[1:], values)
            else:
                values[result] = OPERATORS[node.op_type](inputs, _attributes(node))
            if observe:
                observe(result, values[result])
        return {name: values[name] for name in self.outputs}

    def _in_whole_numbers(self) -> dict[str, onnx.NodeProto]:
        """The layers and sums of 8-bit values whose results are 8-bit values again, by the name of these."""
        readers = Counter(name for node in self._nodes for name in node.input)
        makers = {node.output[0]: node for node in self._nodes}
        found = {}
        for node in self._nodes:
            maker = makers.get(node.input[0]) if node.op_type == "QuantizeLinear" else None
            if maker is not None and maker.op_type in ("Add", "Conv", "Gemm") and readers[node.input[0]] == 1:
                if all(name in self._sources for name in maker.input):
                    found[node.output[0]] = maker
        return found

    def _run_whole(self, node: onnx.NodeProto, target: list, values: dict[str, Tensor]) -> Tensor:
        """`target`: scale and zero point of the result."""
        scale, zero = target
        operands = [
            tuple(values.get(name, self._constants.get(name)) for name in self._sources[name]) for name in node.input
        ]
        centred = [_floats(steps) - _along(_floats(own), 0, 1 if own.ndim == 0 else steps.ndim) for steps, _, own in operands]
        if node.op_type == "Add":
            sums = centred[0] * (operands[0][1] / scale) + centred[1] * (operands[1][1] / scale)
        else:
            exact = OPERATORS[node.op_type](centred, _attributes(node))
            sums = exact * _along(operands[0][1] * operands[1][1] / scale, 1, exact.dim())
        lowest = LOWEST[zero.dtype]
        return (torch.round(sums) + _floats(zero)).clamp(lowest, lowest + 255)


class OnnxModel:
    """A package's networks, called as the trained ones are."""

    def __init__(self, manifest: Manifest):
        self._stage1 = OnnxNetwork(manifest.stage1)
        self._stage2 = OnnxNetwork(manifest.stage2) if manifest.stage2 else None
        self._head_count = len(manifest.detection.heads) if manifest.detection else 0

    def __call__(self, image: Tensor) -> Tensor:
        """A semantic model's logits."""
        return next(iter(self._stage1.run(image).values()))

    def stage1(self, image: Tensor) -> Stage1Output:
        """Heads, and the feature map where there is one: the outputs in the order of the export."""
        values = list(self._stage1.run(image).values())
        return Stage1Output(values[: self._head_count], next(iter(values[self._head_count :]), None))

    def stage2(self, regions: Tensor) -> Stage2Output:
        """Mask logits, class logits and box deltas."""
        return Stage2Output(*self._stage2.run(regions).values())


def _attributes(node: onnx.NodeProto) -> dict:
    return {entry.name: helper.get_attribute_value(entry) for entry in node.attribute}


def _constant(entry: onnx.TensorProto) -> Tensor | np.ndarray:
    """Floats as a tensor; 8-bit zero points and whole numbers as an array, which keeps their type."""
    array = numpy_helper.to_array(entry)
    return torch.from_numpy(array.copy()) if array.dtype == np.float32 else array


def _floats(value: Tensor | np.ndarray) -> Tensor:
    return value if isinstance(value, Tensor) else torch.from_numpy(value.astype(np.float32))


def _along(value: Tensor, axis: int, rank: int) -> Tensor:
    return value if value.numel() == 1 else value.reshape([-1 if index == axis else 1 for index in range(rank)])


def _quantize(inputs, attributes) -> Tensor:
    value, scale, zero = inputs
    lowest = LOWEST[zero.dtype]
    axis = attributes.get("axis", 1)
    # Halves go to the even neighbour, in PyTorch as in ONNX.
    steps = torch.round(value / _along(scale, axis, value.dim())) + _along(_floats(zero), axis, value.dim())
    return steps.clamp(lowest, lowest + 255)


def _dequantize(inputs, attributes) -> Tensor:
    value, scale = _floats(inputs[0]), inputs[1]
    axis = attributes.get("axis", 1)
    zero = _floats(inputs[2]) if len(inputs) > 2 and inputs[2] is not None else torch.zeros(1)
    return (value - _along(zero, axis, value.dim())) * _along(scale, axis, value.dim())


def _in_double(operator: Callable[[list, dict], Tensor]) -> Callable[[list, dict], Tensor]:
    """The operator with sums in double precision. Whole numbers add up exactly then, and other sums hardly depend on their
    order, which differs between processors and numbers of threads: a later rounding to 8 bits makes a step of the last
    digit."""
    return lambda inputs, attributes: operator([tensor.double() for tensor in inputs], attributes).float()


def _conv(inputs, attributes) -> Tensor:
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    value = F.pad(inputs[0], (left, right, top, bottom))
    bias = inputs[2] if len(inputs) > 2 else None
    return F.conv2d(value, inputs[1], bias, attributes.get("strides", [1, 1]), 0, 1, attributes.get("group", 1))


def _max_pool(inputs, attributes) -> Tensor:
    top, left, bottom, right = attributes.get("pads", [0, 0, 0, 0])
    value = F.pad(inputs[0], (left, right, top, bottom), value=-float("inf"))
    return F.max_pool2d(value, attributes["kernel_shape"], attributes.get("strides", [1, 1]))


def _resize(inputs, attributes) -> Tensor:
    scales = [float(scale) for scale in inputs[2]]
    if attributes["mode"] != b"nearest" or any(scale != int(scale) for scale in scales):
        raise OnnxNetworkError("a Resize is not a repetition of pixels")
    return inputs[0].repeat_interleave(int(scales[2]), 2).repeat_interleave(int(scales[3]), 3)


def _reshape(inputs, attributes) -> Tensor:
    shape = [inputs[0].shape[axis] if size == 0 else int(size) for axis, size in enumerate(inputs[1])]
    return inputs[0].reshape(shape)


def _depth_to_space(inputs, attributes) -> Tensor:
    if attributes.get("mode", b"DCR") != b"CRD":
        raise OnnxNetworkError("a DepthToSpace is not a pixel shuffle")
    return F.pixel_shuffle(inputs[0], attributes["blocksize"])


def _gemm(inputs, attributes) -> Tensor:
    weights = inputs[1].t() if attributes.get("transB", 0) else inputs[1]
    return inputs[0] @ weights + (inputs[2] if len(inputs) > 2 else 0)


OPERATORS: dict[str, Callable[[list, dict], Tensor]] = {
    "Add": lambda inputs, attributes: inputs[0] + inputs[1],
    "Clip": lambda inputs, attributes: inputs[0].clamp(min=float(inputs[1])),
    "Concat": lambda inputs, attributes: torch.cat(inputs, attributes["axis"]),
    "Constant": lambda inputs, attributes: inputs[0],
    "Conv": _in_double(_conv),
    "DepthToSpace": _depth_to_space,
    "DequantizeLinear": _dequantize,
    "Flatten": lambda inputs, attributes: inputs[0].flatten(attributes.get("axis", 1)),
    "Gemm": _in_double(_gemm),
    "MaxPool": _max_pool,
    "QuantizeLinear": _quantize,
    "Relu": lambda inputs, attributes: inputs[0].relu(),
    "Reshape": _reshape,
    "Resize": _resize,
    "Transpose": lambda inputs, attributes: inputs[0].permute(attributes["perm"]),
}
