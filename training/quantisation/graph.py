"""The quantised form of an ONNX network: QuantizeLinear and DequantizeLinear around what is to run in 8 bits.

Activations are unsigned 8 bits, weights signed 8 bits with a scale for each output channel, biases 32 bits. What only
moves values, or takes the largest of some, runs on the 8-bit values themselves, and so all of its tensors share a scale.
The layers that give a network's outputs stay float32, and so do those that are named.
"""

from collections import Counter, defaultdict

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .observations import Observation, ObservationError
from .scales import Scale, best_scale, quantise_bias, quantise_weights, scale_of, weight_scales

LAYERS = ("Conv", "Gemm")
MOVING = ("Concat", "DepthToSpace", "Flatten", "MaxPool", "Reshape", "Resize", "Transpose")
ELEMENTWISE_MOVING = ("DepthToSpace", "Flatten", "Reshape", "Transpose")
"""What neither repeats nor drops a value: a ReLU may as well come before it."""


class QuantisationError(ValueError):
    """A network that cannot be quantised; the message names what is in the way."""


def prepare(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same network with each ReLU right behind the layer or sum that it belongs to, and no other names for constants."""
    prepared = onnx.ModelProto()
    prepared.CopyFrom(model)
    graph = prepared.graph
    _resolve_identities(graph)
    makers = {node.output[0]: index for index, node in enumerate(graph.node)}
    readers = Counter(name for node in graph.node for name in node.input)
    for index, relu in enumerate(graph.node):
        maker = makers.get(relu.input[0]) if relu.op_type == "Relu" else None
        while maker is not None and graph.node[maker].op_type in ELEMENTWISE_MOVING and readers[relu.input[0]] == 1:
            moving = graph.node[maker]
            swapped, moved = helper.make_node("Relu", [moving.input[0]], [relu.input[0]], relu.name), onnx.NodeProto()
            moved.CopyFrom(moving)
            moved.input[0], moved.output[0] = relu.input[0], relu.output[0]
            graph.node[maker].CopyFrom(swapped)
            graph.node[index].CopyFrom(moved)
            makers[swapped.output[0]], makers[moved.output[0]] = maker, index
            index, relu = maker, graph.node[maker]
            maker = makers.get(relu.input[0])
    return prepared


def _resolve_identities(graph: onnx.GraphProto) -> None:
    """Constants are read by their own names: the exporter writes equal ones once, and the others as an Identity of it."""
    names = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    kept = [node for node in graph.node if node.op_type != "Identity"]
    for node in kept:
        for index, name in enumerate(node.input):
            while name in names:
                name = names[name]
            node.input[index] = name
    del graph.node[:]
    graph.node.extend(kept)


def observable(model: onnx.ModelProto) -> onnx.ModelProto:
    """A prepared network that also puts out the tensors whose values `quantise` needs to know."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    for name in observed_tensors(model):
        result.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    return result


def observed_tensors(model: onnx.ModelProto) -> list[str]:
    """The tensors of a prepared network whose values `quantise` needs to know; the network's input is not among them."""
    outputs = {output.name for output in model.graph.output}
    before_relu = _before_relu(model.graph)
    names = [node.output[0] for node in model.graph.node if node.op_type != "Constant"]
    return [name for name in names if name not in outputs and name not in before_relu]


def layer_names(model: onnx.ModelProto) -> list[str]:
    """The nodes that can run in 8 bits by weights, in order: all layers but those that give the network's outputs."""
    float_side = _output_side(model.graph)
    return [node.name for node in model.graph.node if node.op_type in LAYERS and node.output[0] not in float_side]


def quantise(
    model: onnx.ModelProto,
    seen: dict[str, Observation],
    input_range: tuple[float, float] | None = None,
    kept: frozenset[str] = frozenset(),
) -> onnx.ModelProto:
    """The quantised form of a prepared network. Raises `QuantisationError` and `ObservationError`.

    seen: observations by tensor; input_range: what the network's input can hold, where that is known, otherwise the input
    has to be among `seen`; kept: names of nodes that stay float32.
    """
    if unknown := kept - {node.name for node in model.graph.node}:
        raise QuantisationError(f"there is no node {', '.join(sorted(unknown))}")
    return _Builder(model, seen, input_range, kept).build()


def _before_relu(graph: onnx.GraphProto) -> dict[str, str]:
    """The tensors that a ReLU alone reads, and what it makes of each."""
    readers = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            readers[name].append(node)
    outputs = {output.name for output in graph.output}
    single = {name: nodes[0] for name, nodes in readers.items() if len(nodes) == 1 and name not in outputs}
    return {name: node.output[0] for name, node in single.items() if node.op_type == "Relu"}


def _output_side(graph: onnx.GraphProto) -> set[str]:
    """The tensors that reach an output of the network without another layer or sum on the way."""
    side = {output.name for output in graph.output}
    for node in reversed(graph.node):
        if node.op_type in MOVING and node.output[0] in side:
            side.update(_activations(node))
    return side


def _activations(node: onnx.NodeProto) -> list[str]:
    """A node's inputs without its weights, shapes and scales."""
    return list(node.input) if node.op_type in ("Add", "Concat") else list(node.input[:1])


class _Builder:
    """Writes the quantised graph node by node."""

    def __init__(self, model, seen, input_range, kept):
        self._model = model
        self._seen = seen
        self._input_range = input_range
        self._input = model.graph.input[0].name
        self._weights = {entry.name: entry for entry in model.graph.initializer}
        self._relus = _before_relu(model.graph)
        self._float_side = _output_side(model.graph)
        self._kept = kept
        self._scales = self._choose_scales()
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: dict[str, TensorProto] = {}
        self._floats: dict[str, str] = {}

    def build(self) -> onnx.ModelProto:
        graph = self._model.graph
        if self._input in self._scales:
            self._quantise(self._input, self._input)
        for node in graph.node:
            self._add(node)
        quantised = helper.make_model(
            helper.make_graph(
                self._nodes, graph.name, list(graph.input), list(graph.output), list(self._initializers.values())
            ),
            opset_imports=list(self._model.opset_import),
            producer_name="training.quantise",
        )
        quantised.ir_version = self._model.ir_version
        quantised.metadata_props.extend(self._model.metadata_props)
        onnx.checker.check_model(quantised, full_check=True)
        return quantised

    def _is_quantised_layer(self, node: onnx.NodeProto) -> bool:
        return node.op_type in LAYERS and node.name not in self._kept and node.output[0] not in self._float_side

    def _result(self, node: onnx.NodeProto) -> str:
        """What a node makes, its ReLU included."""
        return self._relus.get(node.output[0], node.output[0])

    def _choose_scales(self) -> dict[str, Scale]:
        graph = self._model.graph
        moving = [node for node in graph.node if node.op_type in MOVING and node.output[0] not in self._float_side]
        quantised = set()
        for node in graph.node:
            if self._is_quantised_layer(node):
                quantised.update([node.input[0], self._result(node)])
            elif node.op_type == "Add" and node.name not in self._kept and node.output[0] not in self._float_side:
                quantised.update([*node.input, self._result(node)])
        shared = {name: {name} for name in quantised}
        changed = True
        while changed:
            changed = False
            for node in moving:
                names = {*_activations(node), node.output[0]}
                groups = [shared[name] for name in names if name in shared]
                merged = names.union(*groups) if groups else set()
                if any(shared.get(name) != merged for name in merged):
                    shared.update({name: merged for name in merged})
                    changed = True
        moved = {node.output[0] for node in moving}
        chosen: dict[frozenset[str], Scale] = {}
        for group in shared.values():
            key = frozenset(group)
            if key not in chosen:
                chosen[key] = self._choose(sorted(key - moved))
        return {name: chosen[frozenset(group)] for name, group in shared.items()}

    def _choose(self, sources: list[str]) -> Scale:
        if sources == [self._input] and self._input_range:
            return scale_of(*self._input_range)
        missing = [name for name in sources if name not in self._seen]
        if missing:
            raise ObservationError(f"nothing was seen of {', '.join(missing)}")
        return best_scale([self._seen[name] for name in sources])

    def _add(self, node: onnx.NodeProto) -> None:
        result = node.output[0]
        if self._is_quantised_layer(node):
            self._add_layer(node)
        elif node.op_type in MOVING and result in self._scales:
            self._emit(node, [_steps(name) if name in self._scales else name for name in node.input], _steps(result))
        elif node.op_type == "Relu" and self._relus.get(node.input[0]) == result and result in self._scales:
            self._add_relu(node)
        elif result in self._scales:
            self._emit(node, [self._float(name) for name in node.input], f"{result}/float")
            self._quantise(f"{result}/float", result)
        else:
            self._emit(node, [self._float(name) for name in node.input], result)

    def _add_layer(self, node: onnx.NodeProto) -> None:
        weights = numpy_helper.to_array(self._weights[node.input[1]])
        if node.op_type == "Gemm" and not any(entry.name == "transB" and entry.i for entry in node.attribute):
            raise QuantisationError(f"{node.name} has its output channels along the second axis of its weights")
        scales = weight_scales(weights)
        steps = quantise_weights(weights, scales)
        result = node.output[0]
        inputs = [self._float(node.input[0]), self._dequantised_constant(f"{result}/weights", steps, scales)]
        bias = numpy_helper.to_array(self._weights[node.input[2]]) if len(node.input) > 2 else np.zeros(len(weights))
        bias = bias - self._mean_error(node, steps, scales, weights)
        whole, products = quantise_bias(bias, self._scales[node.input[0]].scale, scales)
        inputs.append(self._dequantised_constant(f"{result}/bias", whole, products))
        if result in self._relus:
            self._emit(node, inputs, result)
        else:
            self._emit(node, inputs, f"{result}/float")
            self._quantise(f"{result}/float", result)

    def _add_relu(self, node: onnx.NodeProto) -> None:
        """QuantizeLinear cuts off what lies below the 8 bits; they start at zero, unless what the ReLU makes shares its scale
        with something that can be negative. Then the steps below zero's are cut off."""
        result = node.output[0]
        if self._scales[result].zero == 0:
            self._quantise(node.input[0], result)
            return
        _, zero = self._scale_constants(result)
        self._quantise(node.input[0], result, f"{result}/signed")
        self._nodes.append(helper.make_node("Clip", [f"{result}/signed", zero], [_steps(result)], node.name))

    def _mean_error(self, node, steps, scales, weights) -> np.ndarray:
        """What rounding the weights adds to each output channel on average; the bias takes it back."""
        seen = self._seen.get(node.input[0])
        if seen is None:
            return np.zeros(len(weights))
        error = steps * scales.reshape(-1, *[1] * (weights.ndim - 1)).astype(np.float64) - weights
        error = error.reshape(len(weights), weights.shape[1], -1).sum(2)
        if weights.shape[1] == len(seen.channel_means):
            return error @ seen.channel_means
        groups = len(seen.channel_means) // weights.shape[1]
        means = seen.channel_means.reshape(groups, weights.shape[1])
        return (error * np.repeat(means, len(weights) // groups, 0)).sum(1)

    def _emit(self, node: onnx.NodeProto, inputs: list[str], output: str) -> None:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.input[:], copy.output[:] = inputs, [output]
        for name in inputs:
            if name in self._weights:
                self._initializers[name] = self._weights[name]
        self._nodes.append(copy)

    def _quantise(self, source: str, name: str, steps: str | None = None) -> None:
        inputs = [source, *self._scale_constants(name)]
        self._nodes.append(helper.make_node("QuantizeLinear", inputs, [steps or _steps(name)], f"{name}/quantise"))

    def _float(self, name: str) -> str:
        """A tensor's float values: those that its 8 bits stand for, where it is quantised."""
        if name not in self._scales:
            return name
        if name not in self._floats:
            scale, zero = self._scale_constants(name)
            result = self._floats[name] = f"{name}/dequantised"
            self._nodes.append(
                helper.make_node("DequantizeLinear", [_steps(name), scale, zero], [result], f"{name}/dequantise")
            )
        return self._floats[name]

    def _scale_constants(self, name: str) -> tuple[str, str]:
        scale = self._scales[name]
        return (
            self._constant(f"{name}/scale", np.float32(scale.scale)),
            self._constant(f"{name}/zero", np.uint8(scale.zero)),
        )

    def _dequantised_constant(self, name: str, steps: np.ndarray, scales: np.ndarray) -> str:
        result = f"{name}/dequantised"
        inputs = [
            self._constant(f"{name}/steps", steps),
            self._constant(f"{name}/scales", scales.astype(np.float32)),
            self._constant(f"{name}/zeros", np.zeros(len(scales), steps.dtype)),
        ]
        self._nodes.append(helper.make_node("DequantizeLinear", inputs, [result], f"{name}/dequantise", axis=0))
        return result

    def _constant(self, name: str, value: np.ndarray) -> str:
        self._initializers[name] = numpy_helper.from_array(np.asarray(value), name)
        return name


def _steps(name: str) -> str:
    return f"{name}/steps"
