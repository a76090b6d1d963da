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
