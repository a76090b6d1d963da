"""8-bit networks: scales, the quantised graph and its agreement with the float one, and the package around them."""

import json
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper, shape_inference
from torch import nn

from training.export import export_package
from training.packaging.manifest_file import read_manifest, sha256, write_manifest
from training.packaging.onnx_files import export_stage
from training.quantisation.calibration import evenly_spread
from training.quantisation.graph import QuantisationError, layer_names, observable, observed_tensors, prepare, quantise
from training.quantisation.observations import Observation, ObservationError, Observations, load_observations
from training.quantisation.scales import best_scale, quantise_bias, quantise_weights, scale_of, weight_scales
from training.quantise import note_accuracy, quantise_package, set_preference
from training.quantisation.accuracy import Part
from training.reference.manifest import ManifestError, load_manifest
from training.reference.onnx_network import OnnxNetwork, OnnxNetworkError
from training.reference.open import open_pipeline
from training.tests.test_export import NETWORK, random_network

BINS = 2048


def observation(values: np.ndarray) -> Observation:
    """What src/Calibration writes down of these values, whose second axis is the channels'."""
    limit = float(2.0 ** np.ceil(np.log2(max(np.abs(values).max(), 2.0**-20))))
    counts = np.histogram(values, BINS, (-limit, limit))[0]
    axes = tuple(axis for axis in range(values.ndim) if axis != 1)
    return Observation(float(values.min()), float(values.max()), limit, counts, values.mean(axes, dtype=np.float64))


def observe(model: onnx.ModelProto, folder: Path, inputs: torch.Tensor) -> dict[str, Observation]:
    """What is seen in a prepared network's input and tensors."""
    path = folder / "observable.onnx"
    onnx.save(observable(model), str(path))
    values = OnnxNetwork(path).run(inputs)
    seen = {name: observation(values[name].numpy()) for name in observed_tensors(model)}
    return seen | {model.graph.input[0].name: observation(inputs.numpy())}


class Mixed(nn.Module):
    """Every kind of node that the project's networks have."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(4, 8, 3, padding=1)
        self.depthwise = nn.Conv2d(8, 8, 3, stride=2, padding=1, groups=8)
        self.linear = nn.Conv2d(8, 8, 1)
        self.branch = nn.Conv2d(8, 8, 1)
        self.enlarge = nn.Conv2d(16, 32, 1)
        self.output = nn.Conv2d(8, 3, 1)
        self.hidden = nn.Linear(8 * 8 * 8, 6)
        self.score = nn.Linear(6, 2)

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, ...]:
        folded = nn.functional.pixel_unshuffle(images, 2)
        fine = self.first(folded).relu()
        coarse = self.depthwise(fine)
        summed = self.linear(coarse) + coarse
        pooled = nn.functional.max_pool2d(summed, 3, 1, 1)
        joined = torch.cat([pooled, self.branch(summed).relu()], 1)
        large = nn.functional.pixel_shuffle(self.enlarge(joined), 2).relu()
        features = fine + nn.functional.interpolate(summed, scale_factor=2.0, mode="nearest")
        hidden = self.hidden(summed.flatten(1)).relu()
        return self.output(large), features, self.score(hidden)


class ScaleTest(unittest.TestCase):
    def test_range_holds_zero_exactly_and_every_value_lies_within_half_a_step(self):
        generator = np.random.default_rng(1)
        for low, high in [(0.0, 6.0), (-1.0, 3.0), (2.0, 5.0), (-4.0, -1.0), (0.0, 0.0), (-1e-9, 1e-9)]:
            with self.subTest(low=low, high=high):
                scale = scale_of(low, high)
                self.assertEqual(scale.rounded(np.zeros(1))[0], 0.0)
                self.assertTrue(0 <= scale.zero <= 255)
                values = generator.uniform(low, high, 1000)
                self.assertLessEqual(np.abs(scale.rounded(values) - values).max(), scale.scale * 0.5001 + scale.scale / 2)

    def test_what_is_never_negative_starts_at_zero(self):
        self.assertEqual(scale_of(0.0, 10.0).zero, 0)
        self.assertAlmostEqual(scale_of(0.0, 10.0).high, 10.0, places=5)

    def test_best_scale_cuts_off_a_lone_outlier(self):
        values = np.abs(np.random.default_rng(2).normal(size=(1, 1, 500, 500)))
        outlier = values.copy()
        outlier[0, 0, 0, 0] = 20.0
        chosen = best_scale([observation(outlier)])
        self.assertLess(chosen.high, 19.0)

        def error(scale):
            return np.square(scale.rounded(outlier) - outlier).mean()

        least = min(error(scale_of(0.0, high)) for high in np.linspace(4, 20, 33))
        self.assertLess(error(chosen), 1.05 * least)
        self.assertLess(error(chosen), error(scale_of(0.0, 20.0)))

    def test_shared_scale_reaches_every_tensor(self):
        small, large = (observation(np.full((1, 1, 8, 8), value)) for value in (1.0, 4.0))
        self.assertGreaterEqual(best_scale([small, large]).high, 3.9)

    def test_weights_lie_within_half_a_step_channel_by_channel(self):
        weights = np.random.default_rng(3).normal(size=(5, 4, 3, 3)).astype(np.float32) * np.array([1, 10, 0.01, 0, 1e-3]).reshape(-1, 1, 1, 1)
        scales = weight_scales(weights)
        steps = quantise_weights(weights, scales)
        self.assertEqual(steps.dtype, np.int8)
        error = np.abs(steps * scales.reshape(-1, 1, 1, 1) - weights).reshape(5, -1).max(1)
        self.assertTrue((error <= scales * 0.5001).all())
        self.assertEqual([np.abs(channel).max() for channel in steps], [127, 127, 127, 0, 127])

    def test_bias_has_the_scale_of_the_products(self):
        steps, scales = quantise_bias(np.array([0.5, -2.0, 1e9]), 0.1, np.array([0.01, 0.02, 1e-6], np.float32))
        np.testing.assert_allclose(scales, [0.001, 0.002, 1e-7], rtol=1e-5)
        self.assertEqual(steps.tolist(), [500, -1000, 2**31 - 1])


class GraphTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        torch.manual_seed(5)
        cls.network = Mixed().eval()
        # A bias that two layers have in common is one initializer of the exported file.
        cls.network.branch.bias.data.copy_(cls.network.linear.bias.data)
        path = cls.folder / "mixed.onnx"
        cls.example = torch.rand(2, 1, 32, 32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            export_stage(cls.network, cls.example, path, ["image"], ["output", "features", "score"], "N", {"key": "value"})
        cls.model = prepare(onnx.load(str(path)))
        cls.seen = observe(cls.model, cls.folder, torch.rand(16, 1, 32, 32))
        cls.quantised = quantise(cls.model, cls.seen, (0.0, 1.0))
        onnx.save(cls.quantised, str(cls.folder / "quantised.onnx"))

    def run_model(self, model: onnx.ModelProto, inputs: torch.Tensor) -> dict[str, torch.Tensor]:
        path = self.folder / "run.onnx"
        onnx.save(model, str(path))
        return OnnxNetwork(path).run(inputs)

    def test_prepared_network_computes_the_same(self):
        expected = self.network(self.example)
        for value, wanted in zip(self.run_model(self.model, self.example).values(), expected, strict=True):
            torch.testing.assert_close(value, wanted.detach(), rtol=1e-5, atol=1e-5)

    def test_prepared_network_has_each_relu_right_behind_its_layer(self):
        makers = {node.output[0]: node.op_type for node in self.model.graph.node}
        relus = [node for node in self.model.graph.node if node.op_type == "Relu"]
        self.assertTrue(relus)
        self.assertTrue(all(makers[relu.input[0]] in ("Conv", "Gemm", "Add") for relu in relus))

    def test_graph_passes_the_checker_and_shapes_are_inferred(self):
        onnx.checker.check_model(self.quantised, full_check=True)
        inferred = shape_inference.infer_shapes(self.quantised, strict_mode=True)
        sizes = [
            [dimension.dim_value for dimension in output.type.tensor_type.shape.dim][1:] for output in inferred.graph.output
        ]
        self.assertEqual(sizes, [[3, 16, 16], [8, 16, 16], [2]])
        self.assertEqual([entry.key for entry in self.quantised.metadata_props], ["key"])

    def test_outputs_are_close_to_the_float_ones(self):
        exact, rounded = (self.run_model(model, self.example) for model in (self.model, self.quantised))
        for name, value in exact.items():
            error = float((rounded[name] - value).abs().mean() / value.std())
            self.assertLess(error, 0.05, name)

    def test_layers_but_the_last_run_between_quantised_tensors(self):
        makers = {node.output[0]: node for node in self.quantised.graph.node}
        readers = [name for node in self.quantised.graph.node for name in node.input]
        layers = [node for node in self.quantised.graph.node if node.op_type in ("Conv", "Gemm")]
        in_8_bits = [node for node in layers if node.name in layer_names(self.model)]
        self.assertEqual(len(layers) - len(in_8_bits), 2)
        for node in in_8_bits:
            with self.subTest(node=node.name):
                self.assertEqual([makers[name].op_type for name in node.input], ["DequantizeLinear"] * 3)
                self.assertEqual(readers.count(node.output[0]), 1)
                reader = next(other for other in self.quantised.graph.node if node.output[0] in other.input)
                self.assertEqual(reader.op_type, "QuantizeLinear")

    def test_what_only_moves_values_has_one_scale(self):
        constants = {entry.name: numpy_helper.to_array(entry) for entry in self.quantised.graph.initializer}
        concat = next(node for node in self.quantised.graph.node if node.op_type == "Concat")
        moving = [node for node in self.quantised.graph.node if node.op_type in ("Concat", "MaxPool", "Resize", "Transpose", "DepthToSpace")]
        self.assertTrue(all(name.endswith("/steps") for node in moving for name in [node.input[0], node.output[0]]))
        pooled = next(node for node in self.quantised.graph.node if node.op_type == "MaxPool")
        names = [name.removesuffix("/steps") for name in (pooled.input[0], concat.input[1])]
        for part in ("scale", "zero"):
            self.assertEqual(constants[f"{names[0]}/{part}"], constants[f"{names[1]}/{part}"])
        # One of the two can be negative, so the other's ReLU is no longer the lower end of the 8 bits.
        self.assertGreater(constants[f"{names[0]}/zero"], 0)
        self.assertEqual([node.output[0] for node in self.quantised.graph.node if node.op_type == "Clip"], [concat.input[1]])

    def test_shared_bias_is_quantised_for_each_layer(self):
        names = [entry.name for entry in self.quantised.graph.initializer]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(sum(name.endswith("/bias/steps") for name in names), len(layer_names(self.model)))

    def test_bias_takes_back_what_rounding_weights_adds_on_average(self):
        layer = nn.Conv2d(4, 3, 1).eval()
        path = self.folder / "layer.onnx"
        export_stage(nn.Sequential(layer, nn.ReLU(), nn.Conv2d(3, 1, 1)), torch.rand(1, 4, 8, 8), path, ["x"], ["y"], "N", {})
        model = prepare(onnx.load(str(path)))
        inputs = torch.rand(64, 4, 8, 8) + 1
        seen = observe(model, self.folder, inputs)
        constants = {
            entry.name: numpy_helper.to_array(entry) for entry in quantise(model, seen).graph.initializer
        }
        prefix = model.graph.node[0].output[0]
        weights = constants[f"{prefix}/weights/steps"] * constants[f"{prefix}/weights/scales"].reshape(-1, 1, 1, 1)
        bias = constants[f"{prefix}/bias/steps"] * constants[f"{prefix}/bias/scales"]
        rounded = nn.functional.conv2d(inputs, torch.from_numpy(weights.astype(np.float32)), torch.from_numpy(bias.astype(np.float32)))
        difference = (rounded - layer(inputs)).mean((0, 2, 3)).abs().max()
        self.assertLess(float(difference), 1e-4)

    def test_kept_layers_stay_float(self):
        name = layer_names(self.model)[0]
        kept = quantise(self.model, self.seen, (0.0, 1.0), frozenset([name]))
        node = next(node for node in kept.graph.node if node.name == name)
        weights = next(entry for entry in kept.graph.initializer if entry.name == node.input[1])
        self.assertEqual(weights.data_type, onnx.TensorProto.FLOAT)

    def test_unknown_node_or_unseen_tensor_is_refused_by_name(self):
        with self.assertRaisesRegex(QuantisationError, "no node nowhere"):
            quantise(self.model, self.seen, (0.0, 1.0), frozenset(["nowhere"]))
        first = self.model.graph.node[-1].input[0]
        partial = {name: entry for name, entry in self.seen.items() if name != first}
        with self.assertRaisesRegex(ObservationError, first):
            quantise(self.model, partial, (0.0, 1.0))

    def test_reference_refuses_an_operator_it_does_not_know(self):
        strange = onnx.ModelProto()
        strange.CopyFrom(self.model)
        strange.graph.node[-1].op_type = "Softmax"
        with self.assertRaisesRegex(OnnxNetworkError, "Softmax"):
            self.run_model(strange, self.example)


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.package = cls.folder / "tiny" / "1"
        provenance = {"data": "none", "seed": 3, "steps": 0, "epochs": 0.0, "minutes": 0.0, "torch": "1", "cpu": "any"}
        config = {"architecture": "ymasknet", "network": NETWORK}
        torch.save({"weights": random_network().state_dict(), "config": config, "provenance": provenance}, cls.folder / "ema.pt")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            export_package(cls.folder / "ema.pt", cls.package)
        manifest = load_manifest(cls.package)
        torch.manual_seed(9)
        stages = {}
        for role, path, inputs in (
            ("stage1", manifest.stage1, torch.rand(1, 1, 640, 640)),
            ("stage2", manifest.stage2, torch.rand(8, 48, 14, 14)),
        ):
            stages[role] = observe(prepare(onnx.load(str(path))), cls.folder, inputs)
        quantise_package(cls.package, Observations(1, stages))

    def test_manifest_names_both_precisions(self):
        entries = read_manifest(self.package)["files"]
        self.assertEqual([(entry["role"], entry.get("precision", "fp32")) for entry in entries],
                         [("stage1", "fp32"), ("stage2", "fp32"), ("stage1", "int8"), ("stage2", "int8")])
        for entry in entries:
            self.assertEqual(entry["sha256"], sha256(self.package / entry["path"]))
        self.assertNotIn("preferredPrecision", read_manifest(self.package))
        self.assertIn("1 training images", read_manifest(self.package)["provenance"]["quantisation"])

    def test_each_precision_loads_its_own_files(self):
        fp32, int8 = (load_manifest(self.package, precision) for precision in ("fp32", "int8"))
        self.assertEqual([fp32.stage1.name, int8.stage1.name], ["stage1.onnx", "stage1.int8.onnx"])
        self.assertEqual([fp32.stage2.name, int8.stage2.name], ["stage2.onnx", "stage2.int8.onnx"])
        self.assertLess(int8.stage1.stat().st_size, fp32.stage1.stat().st_size)

    def test_pipeline_runs_in_8_bits(self):
        image = torch.rand(1, 1, 640, 640)
        exact, rounded = (open_pipeline(load_manifest(self.package, name))._network for name in ("fp32", "int8"))
        with torch.no_grad():
            for first, second in zip(exact.stage1(image).heads, rounded.stage1(image).heads, strict=True):
                self.assertFalse(torch.equal(first, second))
                self.assertLess(float((first - second).abs().mean() / first.std()), 0.2)
            regions = torch.rand(3, 48, 14, 14)
            for first, second in zip(exact.stage2(regions), rounded.stage2(regions), strict=True):
                self.assertEqual(first.shape, second.shape)

    def test_package_without_8_bit_networks_is_refused_by_name(self):
        document = read_manifest(self.package)
        bare = self.folder / "bare" / "1"
        bare.mkdir(parents=True)
        document["files"] = [entry for entry in document["files"] if "precision" not in entry]
        write_manifest(bare, document)
        with self.assertRaisesRegex(ManifestError, "no file has the precision int8"):
            load_manifest(bare, "int8")
        document["files"][0]["precision"] = "fp8"
        write_manifest(bare, document)
        with self.assertRaisesRegex(ManifestError, "precision fp8 is not one of fp32, int8"):
            load_manifest(bare)

    def test_preference_and_figures_are_written_and_replaced(self):
        set_preference(self.package, "int8")
        self.assertEqual(read_manifest(self.package)["preferredPrecision"], "int8")
        set_preference(self.package, "fp32")
        self.assertNotIn("preferredPrecision", read_manifest(self.package))
        note_accuracy(self.package, Part.TEST, {"box_map50": 0.5, "f1": 0.25})
        note_accuracy(self.package, Part.TEST, {"box_map50": 0.75})
        figures = {name: value for name, value in read_manifest(self.package)["accuracy"].items() if name.startswith("int8.")}
        self.assertEqual(figures, {"int8.test_open.box_map50": 0.75})

    def test_observations_are_read_and_bad_ones_refused(self):
        path = self.folder / "observations.json"
        entry = {"min": -1.0, "max": 2.0, "limit": 2.0, "counts": [1, 0, 2, 3], "channelMeans": [0.5]}
        path.write_text(json.dumps({"images": 4, "stages": {"stage1": {"t": entry}}}))
        observed = load_observations(path)
        self.assertEqual((observed.images, observed.stages["stage1"]["t"].high), (4, 2.0))
        np.testing.assert_allclose(observed.stages["stage1"]["t"].centres, [-1.5, -0.5, 0.5, 1.5])
        path.write_text(json.dumps({"images": 4, "stages": {"stage1": {"t": entry | {"max": float("nan")}}}}))
        with self.assertRaisesRegex(ObservationError, "t: its values"):
            load_observations(path)
        path.write_text("{}")
        with self.assertRaises(ObservationError):
            load_observations(path)

    def test_calibration_images_are_spread_evenly(self):
        names = [str(number) for number in range(10)]
        self.assertEqual(evenly_spread(names, 3), ["0", "3", "6"])
        self.assertEqual(evenly_spread(names, 20), names)


if __name__ == "__main__":
    unittest.main()
