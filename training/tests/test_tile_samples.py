"""The committed tiles are what the generator draws."""

import json
import unittest
from pathlib import Path

import cv2
import numpy as np

from training.generator.tile_samples import SAMPLES, entry
from training.generator.tiles import draw_tile

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "tiles"


class CommittedTiles(unittest.TestCase):
    def test_pictures_and_annotations_are_drawn_again_the_same(self):
        entries = []
        for name, settings in SAMPLES.items():
            tile = draw_tile(*settings)
            entries.append(entry(name, tile))
            with self.subTest(name=name):
                picture = cv2.imread(str(FOLDER / f"{name}.png"), cv2.IMREAD_UNCHANGED)
                self.assertIsNotNone(picture)
                # Sums may round differently on another machine.
                self.assertLessEqual(np.abs(picture.astype(int) - tile.image).max(), 1)
        self.assertEqual(json.loads((FOLDER / "annotations.json").read_text()), entries)


if __name__ == "__main__":
    unittest.main()
