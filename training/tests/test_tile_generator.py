import json
import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from training.data.tiles import CLASSES, load_tile
from training.generator import tiles as command_line
from training.generator.tile_defects import TileDefect, add_defect
from training.generator.tile_surface import FORMATS, draw_surface
from training.generator.tiles import FREE, MOST_DEFECTS, draw_tile, kind_of_index

PUBLIC_AREA = {
    TileDefect.BLOWHOLE: (15, 1000),
    TileDefect.BREAK: (20, 25_000),
    TileDefect.CRACK: (50, 4000),
    TileDefect.FRAY: (40, 70_000),
    TileDefect.UNEVEN: (1000, 120_000),
}
"""Pixels of one defect at least and at most, about those of the public pictures."""


class DrawnTiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tiles = [draw_tile(100 * kind + seed, kind) for kind in TileDefect for seed in range(5)]

    def test_masks_are_exact(self):
        for tile in self.tiles:
            with self.subTest(seed=tile.seed, kind=tile.kind):
                changed = tile.image != tile.clean
                self.assertFalse((changed & ~tile.mask).any())
                # The mask's fringe changes by less than a grey level here and there.
                self.assertGreater((changed & tile.mask).sum(), 0.3 * tile.mask.sum())

    def test_defects_are_of_the_public_sizes(self):
        for tile in self.tiles:
            least, most = PUBLIC_AREA[tile.kind]
            with self.subTest(seed=tile.seed, kind=tile.kind):
                self.assertTrue(least <= tile.mask.sum() <= most * MOST_DEFECTS[tile.kind], tile.mask.sum())

    def test_defects_show(self):
        for tile in self.tiles:
            if tile.kind in (TileDefect.BLOWHOLE, TileDefect.CRACK):
                before, after = tile.clean[tile.mask].astype(float), tile.image[tile.mask].astype(float)
                self.assertLess(after.mean(), 0.97 * before.mean(), tile.seed)

    def test_breaks_lie_at_an_edge(self):
        for tile in self.tiles:
            if tile.kind == TileDefect.BREAK:
                inner = np.zeros_like(tile.mask)
                inner[1:-1, 1:-1] = True
                self.assertTrue((tile.mask & ~inner).any(), tile.seed)

    def test_same_seed_same_tile(self):
        for kind in (None, TileDefect.FRAY):
            first, second = draw_tile(5, kind), draw_tile(5, kind)
            np.testing.assert_array_equal(first.image, second.image)
            np.testing.assert_array_equal(first.mask, second.mask)

    def test_a_defect_leaves_its_tile_alone(self):
        surface = draw_surface(np.random.default_rng(3))
        before = surface.copy()
        for kind in TileDefect:
            add_defect(surface, kind, np.random.default_rng(4))
        np.testing.assert_array_equal(surface, before)

    def test_the_grinding_marks_run_from_top_to_bottom(self):
        for seed in range(6):
            middle = draw_surface(np.random.default_rng(seed))[20:-20, 20:-20].astype(float)
            along, across = np.abs(np.diff(middle, axis=0)).mean(), np.abs(np.diff(middle, axis=1)).mean()
            self.assertGreater(across, 1.1 * along, seed)

    def test_sizes_are_of_the_formats(self):
        for seed in range(10):
            height, width = draw_surface(np.random.default_rng(seed)).shape
            fits = [f.widths[0] <= width < f.widths[1] and f.heights[0] <= height < f.heights[1] for f in FORMATS]
            self.assertTrue(any(fits), (height, width))

    def test_kinds_have_the_names_and_numbers_of_the_data(self):
        self.assertEqual([kind.name.capitalize() for kind in TileDefect], list(CLASSES[1:]))
        self.assertEqual([int(kind) for kind in TileDefect], list(range(1, len(CLASSES))))


class CommandTests(unittest.TestCase):
    def run_command(self, *arguments: str) -> str:
        output = StringIO()
        with mock.patch("sys.argv", ["tiles", *arguments]), redirect_stdout(output):
            command_line.main()
        return output.getvalue()

    def test_it_writes_what_the_loader_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("4 tiles", self.run_command("--count", "4", "--seed", "30", "--out", folder))
            entries = json.loads((Path(folder) / "annotations.json").read_text())
            self.assertEqual([entry["cls"] for entry in entries], ["Blowhole", FREE, "Break", FREE])
            for index, entry in enumerate(entries):
                drawn, read = draw_tile(30 + index, kind_of_index(index)), load_tile(Path(folder), entry)
                np.testing.assert_array_equal(read.image, drawn.image)
                np.testing.assert_array_equal(read.label > 0, drawn.mask)
                self.assertEqual((entry["height"], entry["width"]), drawn.image.shape)
                self.assertEqual(entry["mask_px"], int(drawn.mask.sum()))
                mask = cv2.imread(str(Path(folder) / "masks" / entry["mask"]), cv2.IMREAD_UNCHANGED)
                self.assertLessEqual(set(np.unique(mask)), {0, 255})

    def test_nonsense_is_refused(self):
        for arguments in (("--count", "0"), ("--seed", "-1")):
            with self.assertRaises(SystemExit), mock.patch("sys.stderr", StringIO()):
                self.run_command(*arguments, "--out", "unused")


if __name__ == "__main__":
    unittest.main()
