"""The committed samples are what the generator draws."""

import json
import unittest
from pathlib import Path

import cv2
import numpy as np

from training.generator.boards import Look
from training.generator.coco import Encoding
from training.generator.samples import SAMPLES, annotations_of

FOLDER = Path(__file__).resolve().parents[2] / "samples"
JPEG_TOLERANCE = 40
"""Grey levels; what quality 90 may change in a noisy picture."""
LARGEST_FILE = 300_000


class CommittedSamples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.boards = [sample.draw() for sample in SAMPLES]

    def test_pictures_are_drawn_again_the_same(self):
        for sample, board in zip(SAMPLES, self.boards):
            with self.subTest(sample=sample.file_name):
                picture = cv2.imread(str(FOLDER / sample.file_name), cv2.IMREAD_UNCHANGED)
                self.assertIsNotNone(picture)
                if sample.encoding == Encoding.PNG16:
                    self.assertEqual(picture.dtype, np.uint16)
                    picture = picture // 257
                difference = np.abs(picture.astype(int) - board.image)
                if sample.encoding == Encoding.JPEG:
                    self.assertLess(difference.max(), JPEG_TOLERANCE)
                    self.assertLess(difference.mean(), 3)
                else:
                    # Binary boards come of whole numbers; a camera's sums may round differently on another machine.
                    self.assertLessEqual(difference.max(), 0 if sample.look == Look.BINARY else 1)

    def test_annotations_are_written_again_the_same(self):
        self.assertEqual(json.loads((FOLDER / "annotations.json").read_text()), annotations_of(self.boards))

    def test_files_are_small(self):
        for sample in SAMPLES:
            self.assertLess((FOLDER / sample.file_name).stat().st_size, LARGEST_FILE)


if __name__ == "__main__":
    unittest.main()
