"""Export of a network, and its way back into PyTorch out of the package alone."""

import copy
import json
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from PIL import Image
from torch import nn

from training.export import export_package
from training.networks.build import build_network
from training.networks.ymasknet import YMaskNet
from training.packaging.manifest_file import read_manifest, sha256
from training.reference.manifest import ManifestError, load_manifest
from training.reference.pipeline import Filter, Pipeline, Region
from training.reference.records import to_record
from training.reference.semantic import SemanticPipeline
from training.reference.weights import WeightsError, fold_batch_norm, from_package, from_training

NETWORK = {
    "classes": ["open", "short"],
    "anchors": [[[33, 27], [31, 32]], [[40, 34], [61, 34]]],
    "widths": [8, 16, 24, 32],
    "depths": [1, 1, 1, 1],
}


def shake_normalisation(network: nn.Module) -> None:
    """Batch norms as if they had seen something. (Equal biases would be one initializer of the exported file.)"""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2.0)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)


def random_network(settings: dict = NETWORK) -> YMaskNet:
    """Random weights, and batch norms that have seen something."""
    torch.manual_seed(3)
    network = YMaskNet.from_config(settings)
    shake_normalisation(network)
    # Objects are unlikely in a fresh network; these tests want candidates.
    for head in network.stage1.heads:
        head.bias.data.view(2, -1)[:, 4] = 0.0
    return network.eval()


class ExportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.package = cls.folder / "tiny" / "3"
        cls.weights = cls.folder / "ema.pt"
        cls.network = random_network()
        provenance = {"data": "none", "seed": 3, "steps": 0, "epochs": 0.0, "minutes": 0.0, "torch": "1", "cpu": "any"}
        config = {"architecture": "ymasknet", "network": NETWORK}
        content = {"weights": cls.network.state_dict(), "config": config, "provenance": provenance}
        torch.save(content, cls.weights)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            export_package(cls.weights, cls.package)
        board = np.full((300, 500), 255, np.uint8)
        board[40:90, 100:220] = board[150:158, :] = 0
        cls.image = cls.folder / "board.png"
        Image.fromarray(board).save(cls.image)

    def test_manifest_describes_the_files(self):
        manifest = read_manifest(self.package)
        self.assertEqual((manifest["name"], manifest["version"]), ("tiny", 3))
        for entry in manifest["files"]:
            self.assertEqual(entry["sha256"], sha256(self.package / entry["path"]))
        self.assertEqual([head["anchors"] for head in manifest["detection"]["heads"]], NETWORK["anchors"])
        self.assertTrue(all(isinstance(value, str) for value in manifest["provenance"].values()))
        channels = sum(part["channels"] * part["unshuffle"] ** 2 for part in manifest["regions"]["inputs"])
        self.assertEqual(channels, 48)

    def test_onnx_files_have_the_manifests_tensors_and_a_free_batch_axis(self):
        expected = {
            "stage1": {
                "image": ["N", 1, 640, 640],
                "head8": ["N", 14, 80, 80],
                "head16": ["N", 14, 40, 40],
                "p2": ["N", 32, 160, 160],
            },
            "stage2": {
                "rois": ["R", 48, 14, 14],
                "mask_logits": ["R", 2, 28, 28],
                "class_logits": ["R", 3],
                "box_deltas": ["R", 4],
            },
        }
        for role, tensors in expected.items():
            model = onnx.load(str(self.package / f"{role}.onnx"))
            self.assertEqual([entry.version for entry in model.opset_import], [16])
            values = [*model.graph.input, *model.graph.output]
            sizes = {value.name: value.type.tensor_type.shape.dim for value in values}
            shapes = {name: [size.dim_param or size.dim_value for size in shape] for name, shape in sizes.items()}
            self.assertEqual(shapes, tensors)
            self.assertNotIn("BatchNormalization", {node.op_type for node in model.graph.node})

    def test_folding_changes_nothing_but_rounding(self):
        folded = fold_batch_norm(copy.deepcopy(self.network))
        image, regions = torch.rand(1, 1, 64, 64), torch.rand(3, 48, 14, 14)
        with torch.no_grad():
            pairs = [
                *zip(self.network.stage1(image).heads, folded.stage1(image).heads),
                (self.network.stage1(image).features, folded.stage1(image).features),
                *zip(self.network.stage2(regions), folded.stage2(regions)),
            ]
        for before, after in pairs:
            torch.testing.assert_close(before, after, rtol=1e-4, atol=1e-4)

    def test_the_package_alone_gives_the_trained_network(self):
        trained, packaged = from_training(self.weights)[0], from_package(load_manifest(self.package))
        pairs = zip(trained.named_parameters(), packaged.named_parameters(), strict=True)
        for (name, one), (other_name, other) in pairs:
            self.assertEqual(name, other_name)
            torch.testing.assert_close(one, other, rtol=0, atol=0)

    def test_a_changed_file_is_refused(self):
        copy_of = self.copy_package()
        with open(copy_of / "stage2.onnx", "ab") as file:
            file.write(b"\0")
        with self.assertRaisesRegex(ManifestError, "stage2.onnx"):
            load_manifest(copy_of)

    def test_weights_that_do_not_fit_are_refused(self):
        package = self.copy_package()
        model = onnx.load(str(package / "stage2.onnx"))
        box = next(entry for entry in model.graph.initializer if entry.name == "box.weight")
        box.name = "other.weight"
        onnx.save(model, str(package / "stage2.onnx"))
        document = read_manifest(package)
        document["files"][1]["sha256"] = sha256(package / "stage2.onnx")
        (package / "model.json").write_text(json.dumps(document))
        with self.assertRaisesRegex(WeightsError, "no initializers for box.weight"):
            from_package(load_manifest(package))

    def copy_package(self) -> Path:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        package = Path(temporary.name) / "tiny" / "3"
        package.mkdir(parents=True)
        for path in self.package.iterdir():
            (package / path.name).write_bytes(path.read_bytes())
        return package

    def pipeline(self) -> Pipeline:
        manifest = load_manifest(self.package)
        return Pipeline(from_package(manifest), manifest)

    def test_detect_keeps_its_threshold_order_and_limit(self):
        pipeline = self.pipeline()
        every = pipeline.detect(self.image, Filter(min_score=0.01, max_defects=300)).defects
        self.assertGreater(len(every), 20)
        scores = [defect.score for defect in every]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(defect.mask is None for defect in every))
        middle = scores[len(scores) // 2]
        above = pipeline.detect(self.image, Filter(min_score=middle, max_defects=300)).defects
        self.assertEqual([defect.score for defect in above], [score for score in scores if score >= middle])
        self.assertEqual(len(pipeline.detect(self.image, Filter(min_score=0.01, max_defects=7)).defects), 7)

    def test_both_stages_give_boxes_inside_the_image_and_masks(self):
        inspection = self.pipeline().detect_and_segment(self.image, Filter(min_score=0.01, max_defects=300))
        self.assertGreater(len(inspection.defects), 20)
        for defect in inspection.defects:
            x1, y1, x2, y2 = defect.box
            self.assertTrue(0 <= x1 < x2 <= 500 and 0 <= y1 < y2 <= 300, defect.box)
        record = to_record("board.png", "tiny/3", inspection)
        self.assertEqual({tuple(defect["mask"]["size"]) for defect in record["defects"]}, {(300, 500)})

    def test_nothing_found_is_an_empty_list(self):
        self.assertEqual(self.pipeline().detect_and_segment(self.image, Filter(min_score=1.0)).defects, [])

    def test_segment_answers_each_region_in_order_with_the_callers_class(self):
        regions = [Region((100, 40, 220, 90), "short"), Region((-10, 140, 60, 170)), Region((100, 40, 220, 90), "open")]
        inspection = self.pipeline().segment(self.image, regions)
        first, second, third = inspection.defects
        self.assertEqual((first.class_name, third.class_name), ("short", "open"))
        self.assertIn(second.class_name, NETWORK["classes"])
        # One distribution over both classes and the background.
        self.assertLess(first.score + third.score, 1.0)
        self.assertEqual(first.box, third.box)
        self.assertGreaterEqual(second.box[0], 0.0)


class DetectorExportTest(unittest.TestCase):
    """The detector alone: one file, one task, and the same boxes as the same weights with a second stage."""

    def test_a_detector_alone_finds_what_stage_1_of_two_finds(self):
        network = random_network()
        with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            folder = Path(temporary)
            image = folder / "board.png"
            Image.fromarray(np.tile(np.uint8([0, 255]).repeat(40), (200, 4))).save(image)
            found = {}
            for architecture in ("ymasknet", "yolov5"):
                alone = build_network(architecture, NETWORK)
                own = alone.state_dict().keys()
                weights = {name: value for name, value in network.state_dict().items() if name in own}
                provenance = dict.fromkeys(("data", "seed", "steps", "epochs", "minutes", "torch", "cpu"), "none")
                config = {"architecture": architecture, "network": NETWORK}
                torch.save({"weights": weights, "config": config, "provenance": provenance}, folder / "ema.pt")
                package = folder / architecture / "1"
                export_package(folder / "ema.pt", package)
                manifest = load_manifest(package)
                pipeline = Pipeline(from_package(manifest), manifest)
                found[architecture] = pipeline.detect(image, Filter(min_score=0.01)).defects
            self.assertEqual(sorted(path.name for path in package.iterdir()), ["model.json", "stage1.onnx"])
            self.assertEqual(read_manifest(package)["tasks"], ["detect"])
            self.assertFalse({"regions", "refinement", "semantic"} & read_manifest(package).keys())
            self.assertGreater(len(found["yolov5"]), 5)
            self.assertEqual(pipeline.best(image, Filter(min_score=0.01)).defects, found["yolov5"])
            for one, two in zip(found["ymasknet"], found["yolov5"], strict=True):
                self.assertEqual(one.class_name, two.class_name)
                np.testing.assert_allclose(one.box, two.box, atol=1e-3)


class SemanticExportTest(unittest.TestCase):
    def test_a_semantic_package_alone_segments_as_the_trained_network_does(self):
        torch.manual_seed(5)
        settings = {"classes": ["none", "crack", "hole"], "widths": [4, 8, 12], "width": 64, "height": 48}
        network = build_network("unet", settings)
        # Defects are unlikely in a fresh network; this test wants regions.
        torch.nn.init.normal_(network.head.bias, std=0.1)
        shake_normalisation(network)
        network.eval()
        with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            folder = Path(temporary)
            provenance = dict.fromkeys(("data", "seed", "steps", "epochs", "minutes", "torch", "cpu"), "none")
            config = {"architecture": "unet", "network": settings}
            torch.save({"weights": network.state_dict(), "config": config, "provenance": provenance}, folder / "ema.pt")
            export_package(folder / "ema.pt", folder / "tiles" / "1")
            document, manifest = read_manifest(folder / "tiles" / "1"), load_manifest(folder / "tiles" / "1")
            self.assertEqual((document["tasks"], document["semantic"]["backgroundClass"]), (["segment"], 0))
            self.assertFalse({"detection", "regions", "refinement"} & document.keys())
            Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 64), np.uint8)).save(folder / "tile.png")
            found = SemanticPipeline(from_package(manifest), manifest).segment(folder / "tile.png")
            expected = SemanticPipeline(network, manifest).segment(folder / "tile.png")
        self.assertGreater(len(found.regions), 0)
        one, other = (to_record("tile.png", "tiles/1", inspection) for inspection in (found, expected))
        self.assertEqual(one, other)


if __name__ == "__main__":
    unittest.main()
