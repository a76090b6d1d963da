"""Evaluation and comparison of prediction files."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from training import compare, evaluate
from training.metrics import rle

CATEGORIES = [{"id": 1, "name": "open"}, {"id": 2, "name": "short"}]


def mask_of(x, y, width, height) -> np.ndarray:
    mask = np.zeros((60, 80), bool)
    mask[y : y + height, x : x + width] = True
    return mask


def defect(name, score, box) -> dict:
    x, y, width, height = box
    counts = rle.compress(rle.encode(mask_of(*(int(value) for value in box))))
    return {
        "class": name,
        "score": score,
        "box": {"x": x, "y": y, "width": width, "height": height},
        "mask": {"size": [60, 80], "counts": counts},
    }


def record(image, *defects) -> dict:
    return {"image": image, "width": 80, "height": 60, "model": "m/1", "defects": list(defects)}


class FilesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.truth = self.folder / "truth.json"
        boxes = {1: (10, 10, 20, 20), 2: (40, 5, 10, 30)}
        self.truth.write_text(
            json.dumps(
                {
                    "images": [
                        {"id": 1, "file_name": "a.png", "width": 80, "height": 60},
                        {"id": 2, "file_name": "b.png", "width": 80, "height": 60},
                    ],
                    "categories": CATEGORIES,
                    "annotations": [
                        {
                            "id": key,
                            "image_id": key,
                            "category_id": key,
                            "bbox": list(box),
                            "segmentation": {"size": [60, 80], "counts": rle.encode(mask_of(*box))},
                        }
                        for key, box in boxes.items()
                    ],
                }
            )
        )
        self.good = [record("a.jpg", defect("open", 0.9, boxes[1])), record("b.png", defect("short", 0.8, boxes[2]))]

    def write(self, name: str, records: list[dict]) -> Path:
        path = self.folder / name
        path.write_text("".join(json.dumps(entry) + "\n" for entry in records))
        return path

    def run_main(self, module, *arguments) -> tuple[int, str]:
        output = io.StringIO()
        with mock.patch("sys.argv", ["x", *map(str, arguments)]):
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                return module.main(), output.getvalue()

    def evaluate(self, records, *arguments) -> tuple[int, str]:
        path = self.write("predictions.jsonl", records)
        return self.run_main(evaluate, "--predictions", path, "--ground-truth", self.truth, *arguments)

    def test_perfect_predictions_under_other_extensions_score_one(self):
        report = self.folder / "report.json"
        code, _ = self.evaluate(self.good, "--min-score", 0.5, "--out", report)
        figures = json.loads(report.read_text())
        self.assertEqual(code, 0)
        names = ("box_map50", "box_map50_95", "mask_map75", "box_ap50.short", "recall", "mask_dice", "small_box_map50")
        for name in names:
            self.assertAlmostEqual(figures[name], 1.0, msg=name)

    def test_the_threshold_cuts_precision_and_recall_but_not_map(self):
        report = self.folder / "report.json"
        self.evaluate(self.good, "--min-score", 0.85, "--out", report)
        figures = json.loads(report.read_text())
        self.assertAlmostEqual(figures["recall"], 0.5)
        self.assertAlmostEqual(figures["box_map50"], 1.0)

    def figures(self, records, *arguments) -> dict:
        report = self.folder / "report.json"
        code, output = self.evaluate(records, "--out", report, *arguments)
        self.assertEqual(code, 0, output)
        return json.loads(report.read_text())

    def test_only_some_images_are_measured(self):
        half_wrong = [self.good[0], record("b.png")]
        self.assertAlmostEqual(self.figures(half_wrong)["box_map50"], 0.5)
        self.assertAlmostEqual(self.figures(half_wrong, "--only", "[a]")["recall"], 1.0)
        self.assertAlmostEqual(self.figures(half_wrong, "--only", "(?!a)")["recall"], 0.0)
        code, output = self.evaluate(self.good, "--only", "(")
        self.assertEqual(code, 2)
        self.assertIn("evaluate: ", output)

    def test_a_choice_of_no_image_is_refused(self):
        code, output = self.evaluate(self.good, "--only", "c")
        self.assertEqual(code, 2)
        self.assertIn("none of its 2 images is wanted", output)

    def test_a_detector_alone_has_mask_figures_only_with_box_masks(self):
        boxes_only = json.loads(json.dumps(self.good))
        for entry in boxes_only:
            del entry["defects"][0]["mask"]
        alone = self.figures(boxes_only, "--details")
        for name in ("mask_map50", "mask_map50_95", "mask_iou", "mask_dice", "small_mask_map50", "mask_ap50.open"):
            self.assertIsNone(alone[name], name)
        self.assertEqual((alone["box_map50"], alone["deeppcb_map"], alone["deeppcb_f1"]), (1.0, 1.0, 1.0))
        filled = self.figures(boxes_only, "--box-masks", "--details")
        for name in ("mask_map50", "mask_map50_95", "mask_iou", "mask_dice", "small_mask_map50", "mask_ap50.open"):
            self.assertAlmostEqual(filled[name], 1.0, msg=name)

    def test_box_masks_stand_in_for_given_ones(self):
        # The box is 20 x 20; its upper half is given as the mask.
        half = json.loads(json.dumps(self.good))
        half[0]["defects"][0]["mask"]["counts"] = rle.compress(rle.encode(mask_of(10, 10, 20, 10)))
        self.assertAlmostEqual(self.figures(half)["mask_iou"], 0.75)
        self.assertAlmostEqual(self.figures(half, "--box-masks")["mask_iou"], 1.0)

    def test_details_are_small_objects_and_single_classes(self):
        # The open has the upper half of its mask; the short a box two thirds as high, 10 x 20 of 10 x 30.
        found = [json.loads(json.dumps(self.good[0])), record("b.png", defect("short", 0.8, (40, 5, 10, 20)))]
        found[0]["defects"][0]["mask"]["counts"] = rle.compress(rle.encode(mask_of(10, 10, 20, 10)))
        figures = self.figures(found, "--details", "--min-score", 0.85)
        expected = {
            "box_ap50.short": 1.0,
            "box_ap50_95.short": 0.4,
            "mask_ap50.short": 1.0,
            "precision.short": 1.0,
            "recall.short": 0.0,
            "mask_iou.short": None,
            "recall.open": 1.0,
            "mask_iou.open": 0.5,
            "mask_dice.open": round(2 / 3, 9),
            "small_box_map50_95": 0.7,
            "small_mask_map50": 1.0,
            "small_precision": 1.0,
            "small_recall": 0.5,
            "small_mask_iou": 0.5,
            "small_mask_dice": round(2 / 3, 9),
        }
        for name, value in expected.items():
            self.assertEqual(figures[name] if value is None else round(figures[name], 9), value, name)
        self.assertNotIn("recall.open", self.figures(found))

    def test_bootstrap_gives_the_reach_of_the_main_figures(self):
        found = [self.good[0], record("b.png")]
        code, output = self.evaluate(found, "--bootstrap", 200)
        self.assertEqual(code, 0)
        # A resample has the image whose defect was found twice, once or never.
        self.assertIn("recall                   0.5000 [0.0000, 1.0000]", output)
        self.assertIn("precision                1.0000 [1.0000, 1.0000]", output)
        self.assertNotIn("[", next(line for line in output.splitlines() if line.startswith("box_ap50.open")))
        reaches = self.figures(found, "--bootstrap", 200)["intervals"]
        self.assertEqual(tuple(reaches), evaluate.INTERVAL_FIGURES)
        self.assertEqual(reaches["deeppcb_map"], [0.0, 1.0])
        self.assertEqual(self.evaluate(found, "--bootstrap", 200)[1], output)

    def test_curves_hold_precision_by_class_and_recall(self):
        path = self.folder / "curves.json"
        clutter = defect("short", 0.9, (60, 40, 9, 9))
        self.evaluate([self.good[0], record("b.png", clutter, *self.good[1]["defects"])], "--curves", path)
        curves = json.loads(path.read_text())
        self.assertEqual((curves["iou"], len(curves["recall"]), curves["recall"][-1]), (0.5, 101, 1.0))
        self.assertEqual(curves["box"], {"open": [1.0] * 101, "short": [0.5] * 101})
        self.assertEqual(curves["mask"], curves["box"])

    def test_nothing_found_scores_zero_in_every_output(self):
        path = self.folder / "curves.json"
        empty = [record("a.png"), record("b.png")]
        figures = self.figures(empty, "--details", "--bootstrap", 20, "--curves", path)
        for name in ("box_map50", "mask_map50", "recall", "f1", "deeppcb_map", "deeppcb_f1", "small_box_map50_95"):
            self.assertEqual(figures[name], 0.0, name)
        self.assertIsNone(figures["mask_iou"])
        self.assertIsNone(figures["intervals"]["mask_iou"])
        self.assertEqual(figures["intervals"]["box_map50"], [0.0, 0.0])
        self.assertEqual(json.loads(path.read_text())["box"], {"open": [0.0] * 101, "short": [0.0] * 101})

    def test_images_without_objects_leave_nothing_to_average(self):
        document = json.loads(self.truth.read_text())
        self.truth.write_text(json.dumps(document | {"annotations": []}))
        path = self.folder / "curves.json"
        figures = self.figures(self.good, "--details", "--bootstrap", 20, "--curves", path)
        self.assertEqual((figures["box_map50"], figures["deeppcb_map"], figures["small_box_map50"]), (None,) * 3)
        self.assertEqual((figures["precision"], figures["recall"], figures["deeppcb_f1"]), (0.0, 1.0, 0.0))
        self.assertIsNone(figures["intervals"]["box_map50"])
        self.assertEqual(json.loads(path.read_text())["box"], {"open": None, "short": None})

    def test_missing_and_extra_images_are_errors(self):
        code, output = self.evaluate(self.good[:1])
        self.assertEqual(code, 2)
        self.assertIn("lack 1 image(s) (b)", output)
        code, output = self.evaluate([*self.good, record("c.png")])
        self.assertEqual(code, 2)
        self.assertIn("have 1 image(s) (c)", output)

    def test_bad_lines_are_errors_that_name_the_line(self):
        error = {"status": "INVALID_ARGUMENT", "reason": "IMAGE_EMPTY", "message": "empty"}
        failed = {"image": "b.png", "error": error}
        wrong_mask = record("b.png", defect("short", 0.8, (1, 1, 5, 5)) | {"mask": {"size": [60, 79], "counts": "0"}})
        cases = (
            (failed, "IMAGE_EMPTY"),
            (self.good[0], "stands twice"),
            (record("b.png", defect("burnt", 0.8, (1, 1, 5, 5))), "burnt"),
            (wrong_mask, "79 x 60"),
        )
        for bad, message in cases:
            code, output = self.evaluate([self.good[0], bad])
            self.assertEqual(code, 2, message)
            self.assertIn("predictions.jsonl:2", output)
            self.assertIn(message, output)

    def compare(self, other: list[dict], *arguments) -> tuple[int, str]:
        first, second = self.write("first.jsonl", self.good), self.write("second.jsonl", other)
        return self.run_main(compare, first, second, *arguments)

    def changed(self, **changes) -> list[dict]:
        other = json.loads(json.dumps(self.good))
        entry = other[0]["defects"][0]
        for key, value in changes.items():
            entry[key] = {**entry[key], **value} if isinstance(value, dict) else value
        return other

    def test_equal_files_agree(self):
        code, output = self.compare(self.good, "--ground-truth", self.truth)
        self.assertEqual(code, 0, output)
        self.assertIn("matched defects          2", output)
        self.assertIn("masks that agree         2 of 2", output)

    def test_small_differences_agree(self):
        code, output = self.compare(self.changed(score=0.9009, box={"x": 10.4}))
        self.assertEqual(code, 0, output)

    def test_larger_differences_disagree_and_say_where(self):
        big_mask = {"size": [60, 80], "counts": rle.compress(rle.encode(mask_of(10, 10, 20, 21)))}
        cases = (
            (self.changed(score=0.902), "score of class 0"),
            (self.changed(box={"x": 10.6}), "px off"),
            (self.changed(**{"class": "short"}), "lacks class 0"),
            (self.changed(mask=big_mask), "masks that agree         1 of 2"),
            (self.good[:1], "only"),
            ([record("a.png"), self.good[1]], "lacks class 0 of score 0.90000 at (10.00, 10.00)-(30.00, 30.00)"),
        )
        for other, message in cases:
            code, output = self.compare(other)
            self.assertEqual(code, 1, output)
            self.assertIn(message, output)

    def test_a_defect_at_the_threshold_may_be_in_one_file_only(self):
        weak = defect("open", 0.0505, (50, 40, 9, 9))
        other = [self.good[0], record("b.png", *self.good[1]["defects"], weak)]
        self.assertEqual(self.compare(other, "--min-score", 0.05)[0], 0)
        self.assertEqual(self.compare(other, "--min-score", 0.04)[0], 1)
        self.assertEqual(self.compare(other, "--min-score", 0.04, "--max-defects", 2)[0], 0)


if __name__ == "__main__":
    unittest.main()
