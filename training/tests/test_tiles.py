import json
import os
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from training.data.tile_families import families, held_out, series
from training.data.tiles import CLASSES, load_tiles, tiles_root


def entry(name: str, group: int, kind: str = "Free", mask_pixels: int = 1) -> dict:
    return {"image": name, "mask": name, "cls": kind, "group": group, "mask_px": mask_pixels}


def shot(exposure: int, number: int) -> str:
    return f"Free_exp{exposure}_num_{number}.jpg"


class FamilyTests(unittest.TestCase):
    def test_rising_exposures_within_a_short_stretch_are_one_tile(self):
        names = [shot(1, 100), shot(2, 120), shot(4, 190), shot(1, 230), shot(2, 400), shot(3, 410)]
        rows = series(names)
        # The exposure falls at 230; 400 is too far on.
        self.assertEqual([rows[name] for name in names], [0, 0, 0, 1, 2, 2])

    def test_names_of_another_form_stand_alone(self):
        rows = series(["a.png", "b.png", shot(1, 5)])
        self.assertEqual(len(set(rows.values())), 3)

    def test_families_join_groups_and_rows(self):
        entries = [
            entry(shot(1, 100), 7),
            entry(shot(2, 110), 8),
            entry(shot(1, 5000), 8),
            entry(shot(1, 9000), 9),
        ]
        family_of = families(entries)
        self.assertEqual(family_of[shot(1, 5000)], shot(1, 100))
        self.assertEqual(family_of[shot(2, 110)], shot(1, 100))
        self.assertEqual(family_of[shot(1, 9000)], shot(1, 9000))

    def test_of_every_kind_some_are_held_out(self):
        entries = [entry(f"{index}.png", index) for index in range(40)]
        entries += [entry(f"c{index}.png", 100 + index, "Crack") for index in range(3)]
        family_of = families(entries)
        kept = held_out(entries, family_of)
        kinds = Counter(item["cls"] for item in entries if family_of[item["image"]] in kept)
        self.assertEqual(kinds, {"Free": 6, "Crack": 1})
        self.assertEqual(held_out(entries[::-1], families(entries[::-1])), kept)

    def test_a_mixed_family_counts_for_its_rarest_kind(self):
        entries = [entry(f"{index}.png", index) for index in range(3)] + [entry("x.png", 0, "Crack")]
        self.assertIn(families(entries)["x.png"], held_out(entries, families(entries)))


class LoadingTests(unittest.TestCase):
    def test_a_tile_is_read_with_its_label(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for part in ("images", "masks"):
                (root / part).mkdir()
            mask = np.zeros((6, 4), np.uint8)
            mask[1:3, 2] = 255
            cv2.imwrite(str(root / "images" / "a.png"), np.full((6, 4), 90, np.uint8))
            cv2.imwrite(str(root / "masks" / "a.png"), mask)
            (root / "test_open.json").write_text(json.dumps([entry("a.png", 1, "Crack")]))
            (tile,) = load_tiles(root, "test_open")
            self.assertEqual((tile.name, tile.kind, tile.family), ("a.png", CLASSES.index("Crack"), "a.png"))
            np.testing.assert_array_equal(tile.label, np.where(mask > 0, 3, 0))
            # A defect without a mask teaches nothing.
            (root / "train.json").write_text(json.dumps([entry("a.png", 1, "Crack", 0)]))
            self.assertEqual(load_tiles(root, "train") + load_tiles(root, "holdout"), [])

    def test_root_without_the_variable_names_it(self):
        with mock.patch.dict(os.environ):
            os.environ.pop("YMASKNET_DATA", None)
            with self.assertRaisesRegex(RuntimeError, "YMASKNET_DATA"):
                tiles_root()

    @unittest.skipUnless(os.environ.get("YMASKNET_DATA"), "skipped: YMASKNET_DATA not set")
    def test_held_out_tiles_are_of_every_kind(self):
        tiles = load_tiles(tiles_root(), "holdout")
        kinds = Counter(CLASSES[tile.kind] for tile in tiles)
        expected = {"background": 116, "Blowhole": 15, "Break": 6, "Crack": 9, "Fray": 2, "Uneven": 2}
        self.assertEqual(kinds, expected)
        for tile in tiles:
            self.assertEqual(set(np.unique(tile.label)) - {0}, {tile.kind} - {0})


if __name__ == "__main__":
    unittest.main()
