"""Figures of semantic models, on label maps worked by hand."""

import contextlib
import io
import json
import math
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from training import evaluate_tiles
from training.data.tiles import CLASSES
from training.metrics import bootstrap, rle
from training.metrics.regions import to_label_map
from training.metrics.semantic import count_pixels, semantic_figures

KINDS = ("a", "b")
ONCE = np.ones((1, 3), np.int64)


def label(*blocks: tuple[int, int, int, int], kind: int = 1) -> np.ndarray:
    """A label map of 10 x 8 pixels with blocks (x, y, width, height) of a kind."""
    plane = np.zeros((8, 10), np.uint8)
    for x, y, width, height in blocks:
        plane[y : y + height, x : x + width] = kind
    return plane


class FigureTests(unittest.TestCase):
    def setUp(self):
        # Half of a 4 x 4 block of kind a is found; a 2 x 2 block of kind b is taken for a; a sound image has a speck.
        true = [label((0, 0, 4, 4)), label((5, 5, 2, 2), kind=2), label()]
        found = [label((0, 0, 2, 4)), label((5, 5, 2, 2)), label((9, 0, 1, 1), kind=2)]
        self.counts = count_pixels(found, true, [False, False, True], 2)

    def test_counts_by_image(self):
        self.assertEqual(self.counts.common.tolist(), [[8, 0], [0, 0], [0, 0]])
        self.assertEqual(self.counts.predicted.tolist(), [[8, 0], [4, 0], [0, 1]])
        self.assertEqual(self.counts.true.tolist(), [[16, 0], [0, 4], [0, 0]])
        self.assertEqual(self.counts.common_any.tolist(), [8, 4, 0])
        self.assertEqual((self.counts.free.tolist(), self.counts.marked.tolist()), ([0, 0, 1], [0, 0, 1]))

    def test_figures_are_pooled_over_the_images(self):
        figures = {name: value[0] for name, value in semantic_figures(self.counts, KINDS, ONCE).items()}
        # a: 8 in common, 12 found, 16 true; b: none in common. All defects: 12 in common, 13 found, 20 true.
        self.assertAlmostEqual(figures["iou.a"], 8 / (12 + 16 - 8))
        self.assertEqual(figures["iou.b"], 0)
        self.assertAlmostEqual(figures["mean_iou"], 0.2)
        self.assertAlmostEqual(figures["defect_dice"], 24 / 33)
        self.assertEqual(figures["free_marked"], 1)

    def test_a_weighting_is_the_images_listed_so_often(self):
        weights = np.array([[2, 0, 1], [0, 1, 2]])
        figures = semantic_figures(self.counts, KINDS, weights)
        self.assertAlmostEqual(figures["iou.a"][0], 16 / 32)
        self.assertAlmostEqual(figures["defect_dice"][0], 32 / (16 + 1 + 32))
        self.assertAlmostEqual(figures["defect_dice"][1], 8 / (4 + 2 + 4))
        self.assertEqual(figures["iou.a"][1], 0)

    def test_a_kind_that_does_not_occur_has_no_figure(self):
        figures = semantic_figures(self.counts, KINDS, np.array([[1, 0, 0]]))
        self.assertTrue(math.isnan(figures["iou.b"][0]))
        self.assertTrue(math.isnan(figures["free_marked"][0]))
        self.assertAlmostEqual(figures["mean_iou"][0], 0.5)

    def test_an_interval_holds_the_figure(self):
        intervals = bootstrap.intervals(lambda weights: semantic_figures(self.counts, KINDS, weights), 3)
        low, high = intervals["defect_dice"]
        self.assertTrue(low <= 24 / 33 <= high)
        self.assertEqual(intervals["free_marked"], (1, 1))

    def test_maps_of_another_size_are_refused(self):
        with self.assertRaisesRegex(ValueError, "label map"):
            count_pixels([np.zeros((4, 4), np.uint8)], [label()], [True], 2)


def region(name: str, plane: np.ndarray) -> dict:
    counts = rle.compress(rle.encode(plane > 0))
    return {"class": name, "area": int((plane > 0).sum()), "mask": {"size": list(plane.shape), "counts": counts}}


def record(image: str, *regions: dict) -> dict:
    return {"image": image, "width": 10, "height": 8, "model": "m/1", "regions": list(regions)}


class RegionTests(unittest.TestCase):
    def test_regions_become_a_label_map(self):
        first, second = label((0, 0, 3, 2)), label((6, 3, 4, 5))
        found = to_label_map(record("x.png", region("Crack", first), region("Fray", second)), CLASSES)
        np.testing.assert_array_equal(found, first * 3 + second * 4)

    def test_overlapping_regions_are_refused(self):
        block = label((0, 0, 3, 2))
        with self.assertRaisesRegex(ValueError, "overlap"):
            to_label_map(record("x.png", region("Crack", block), region("Fray", block)), CLASSES)

    def test_a_mask_of_another_size_is_refused(self):
        with self.assertRaisesRegex(ValueError, "size"):
            to_label_map(record("x.png", region("Crack", np.ones((8, 9)))), CLASSES)


class CommandTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        entries = []
        for name, kind, plane in (("a", "Crack", label((0, 0, 4, 4))), ("b", "Free", label())):
            for part, pixels in (("images", plane), ("masks", plane * np.uint8(255))):
                (self.folder / part).mkdir(exist_ok=True)
                cv2.imwrite(str(self.folder / part / f"{name}.png"), pixels)
            entries.append({"image": f"{name}.png", "mask": f"{name}.png", "cls": kind})
        (self.folder / "truth.json").write_text(json.dumps(entries))

    def run_command(self, *records: dict, options: tuple[str, ...] = ()) -> tuple[int, str]:
        path = self.folder / "found.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in records))
        command = ["evaluate_tiles", "--predictions", str(path), "--ground-truth", str(self.folder / "truth.json")]
        output = io.StringIO()
        with mock.patch("sys.argv", [*command, *options, "--out", str(self.folder / "figures.json")]):
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                return evaluate_tiles.main(), output.getvalue()

    def test_figures_are_printed_and_written(self):
        code, output = self.run_command(record("a.jpg", region("Crack", label((0, 0, 2, 4)))), record("b.png"))
        self.assertEqual(code, 0, output)
        self.assertRegex(output, r"(?m)^iou\.Crack +0\.5000 \[0\.5000, 0\.5000\]$")
        self.assertRegex(output, r"(?m)^iou\.Fray +-$")
        figures = json.loads((self.folder / "figures.json").read_text())
        self.assertAlmostEqual(figures["defect_dice"], 2 / 3)
        self.assertEqual((figures["free_marked"], figures["intervals"]["free_marked"]), (0, [0, 0]))

    def test_an_image_too_few_is_named(self):
        code, output = self.run_command(record("a.png"))
        self.assertEqual(code, 2)
        self.assertIn("predictions lack 1 image(s) (b)", output)

    def test_only_some_images_are_measured(self):
        records = record("a.jpg"), record("b.png", region("Crack", label((0, 0, 2, 4))))
        code, output = self.run_command(*records, options=("--only", "(?!a$)"))
        self.assertEqual(code, 0, output)
        figures = json.loads((self.folder / "figures.json").read_text())
        self.assertEqual((figures["iou.Crack"], figures["free_marked"]), (0, 1))

    def test_a_choice_of_no_image_is_refused(self):
        code, output = self.run_command(record("a.png"), record("b.png"), options=("--only", "c"))
        self.assertEqual(code, 2)
        self.assertIn("none of its 2 images is wanted", output)

    def test_predictions_of_a_detector_are_refused(self):
        code, output = self.run_command({"image": "a.png", "width": 10, "height": 8, "defects": []})
        self.assertEqual(code, 2)
        self.assertIn("it has no regions, so it is not of a semantic model", output)


if __name__ == "__main__":
    unittest.main()
