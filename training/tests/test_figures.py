import contextlib
import importlib.util
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from training.metrics import rle

SIZE = 64


@unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
class FiguresTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.out = self.folder / "new" / "figure.png"

    def draw(self, *arguments: str) -> tuple[int, str]:
        """Exit code and standard error of the command."""
        from training import figures

        errors = io.StringIO()
        command = ["figures", *arguments, "--out", str(self.out)]
        with mock.patch.object(sys, "argv", command), contextlib.redirect_stderr(errors):
            return figures.main(), errors.getvalue()

    def write(self, name: str, content: str) -> str:
        (self.folder / name).write_text(content)
        return str(self.folder / name)

    def drawn(self) -> np.ndarray:
        return cv2.imread(str(self.out))

    def test_learning_curves_of_runs_with_different_losses(self):
        lines = [{"step": step, "minutes": 1, "learning_rate": 0.1, "box": 1 / step} for step in (50, 100)]
        first = self.write("a.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        second = self.write("b.jsonl", "".join(json.dumps(line | {"mask": 0.5}) + "\n" for line in lines))
        self.assertEqual(self.draw("learning", "--run", f"one={first}", "--run", f"two={second}"), (0, ""))
        self.assertGreater(self.drawn().std(), 5)

    def test_a_log_that_started_over_counts_each_step_once(self):
        from training.plots.curves import read_log

        lines = [{"step": 50, "box": 1.0}, {"step": 100, "box": 0.9}, {"step": 100, "box": 0.8}]
        log = read_log(Path(self.write("log.jsonl", "".join(json.dumps(line) + "\n" for line in lines))))
        self.assertEqual((log["step"].tolist(), log["box"].tolist()), ([50, 100], [1.0, 0.8]))

    def test_an_empty_log_is_refused_by_name(self):
        code, errors = self.draw("learning", "--run", f"one={self.write('a.jsonl', '')}")
        self.assertEqual(code, 2)
        self.assertIn("a.jsonl: no lines", errors)

    def test_precision_recall_with_and_without_masks(self):
        recall = np.linspace(0, 1, 101).tolist()
        curve = {"open": [1.0] * 50 + [0.0] * 51, "short": None}
        both = self.write("a.json", json.dumps({"iou": 0.5, "recall": recall, "box": curve, "mask": curve}))
        boxes = self.write("b.json", json.dumps({"iou": 0.5, "recall": recall, "box": curve, "mask": None}))
        self.assertEqual(self.draw("precision-recall", "--model", f"one={both}", "--model", f"two={boxes}"), (0, ""))
        self.assertGreater(self.drawn().std(), 5)

    def test_small_objects_leave_out_what_was_not_measured(self):
        from training.plots.small_objects import PAIRS

        figures = {name: 0.5 for _, *names in PAIRS for name in names} | {"mask_iou": None, "small_mask_iou": None}
        path = self.write("a.json", json.dumps(figures))
        self.assertEqual(self.draw("small-objects", "--model", f"one={path}"), (0, ""))
        self.assertGreater(self.drawn().std(), 5)

    def test_panels_show_masks_and_boxes_above_the_threshold(self):
        cv2.imwrite(str(self.folder / "board.png"), np.full((SIZE, SIZE), 200, np.uint8))
        mask = np.zeros((SIZE, SIZE), bool)
        mask[10:30, 10:30] = True
        defect = {
            "class": "open",
            "score": 0.8,
            "box": {"x": 8, "y": 8, "width": 24, "height": 24},
            "mask": {"size": [SIZE, SIZE], "counts": rle.compress(rle.encode(mask))},
        }
        record = {"image": "board.png", "width": SIZE, "height": SIZE, "defects": [defect]}
        predictions = self.write("found.jsonl", json.dumps(record) + "\n")
        image = str(self.folder / "board.png")
        coloured = []
        for min_score in ("0.5", "0.9"):
            command = ("panels", "--image", image, "--predictions", predictions, "--min-score", min_score)
            self.assertEqual(self.draw(*command), (0, ""))
            spread = np.ptp(self.drawn().astype(int), axis=2) > 30
            quarters = np.array_split(spread, 4, axis=1)
            coloured.append([bool(quarter.any()) for quarter in quarters])
        self.assertEqual(coloured, [[False, True, True, True], [False] * 4])

    def test_panels_of_an_image_without_predictions_are_refused(self):
        predictions = self.write("found.jsonl", "")
        command = ("panels", "--image", "board.png", "--predictions", predictions, "--min-score", "0.5")
        code, errors = self.draw(*command)
        self.assertEqual(code, 2)
        self.assertIn("lacks board.png", errors)


if __name__ == "__main__":
    unittest.main()
