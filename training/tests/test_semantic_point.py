import unittest

import numpy as np

from training.data.tiles import Tile
from training.metrics.semantic_point import AREAS, OFFSETS, SemanticPoint, best_point


def tile(label: np.ndarray, kind: int) -> Tile:
    return Tile("tile", np.zeros_like(label), label, kind, "family")


def spot(area: int, kind: int) -> np.ndarray:
    label = np.zeros((20, 20), np.uint8)
    label.reshape(-1)[:area] = kind
    return label


class BestPointTests(unittest.TestCase):
    def setUp(self):
        self.tiles = [tile(spot(90, 1), 1)] + [tile(spot(0, 0), 0)] * 10

    def test_best_iou_among_those_that_mark_few_sound_tiles(self):
        def predict(point: SemanticPoint):
            # Small offsets are right about the defect and mark the sound tiles, unless small regions are left out.
            false_alarms = point.background_offset < 2 and point.min_region_area < 40
            defect = spot(90 - 10 * int(point.background_offset), 1)
            return [defect] + [spot(30 if false_alarms else 0, 1)] * 10

        chosen = best_point(predict, self.tiles)
        self.assertEqual((chosen.background_offset, chosen.min_region_area), (0.0, 40))
        self.assertEqual((chosen.mean_iou, chosen.free_marked), (1.0, 0.0))

    def test_where_all_mark_too_many_the_one_that_marks_fewest(self):
        def predict(point: SemanticPoint):
            marked = 10 if point != SemanticPoint(OFFSETS[3], AREAS[2]) else 4
            return [spot(90, 1)] + [spot(5, 1)] * marked + [spot(0, 0)] * (10 - marked)

        chosen = best_point(predict, self.tiles)
        self.assertEqual((chosen.background_offset, chosen.min_region_area), (OFFSETS[3], AREAS[2]))
        self.assertAlmostEqual(chosen.free_marked, 0.4)


if __name__ == "__main__":
    unittest.main()
