import unittest

import numpy as np

from training.metrics import masks
from training.reference.letterbox import Letterbox
from training.reference.manifest import Semantic
from training.reference.records import to_record
from training.reference.semantic import SemanticInspection, connected_regions, image_classes, label_map

NAMES = ("background", "crack", "hole")


class ImageClassesTests(unittest.TestCase):
    def test_padding_is_left_out_and_each_pixel_takes_the_network_pixel_over_its_centre(self):
        # A network of 4 x 3 pixels that shows an image of 8 x 2 as 4 x 1, in the middle row.
        letterbox = Letterbox(8, 2, 0, 1, 4, 1)
        logits = np.zeros((3, 3, 4))
        logits[1] = 5
        logits[1, 1], logits[2, 1, 2] = [-1, 2, -1, -1], 3
        expected = [[0, 0, 1, 1, 2, 2, 0, 0]] * 2
        self.assertEqual(image_classes(logits, letterbox).tolist(), expected)

    def test_a_reduction_takes_whole_network_pixels_too(self):
        letterbox = Letterbox(2, 1, 0, 0, 6, 1)
        logits = np.zeros((2, 1, 6))
        logits[1, 0, [1, 4]] = 1
        # The centres of two pixels over six: columns 1.5 and 4.5.
        self.assertEqual(image_classes(logits, letterbox).tolist(), [[1, 1]])

    def test_the_first_of_equal_classes_wins(self):
        self.assertEqual(image_classes(np.zeros((3, 1, 1)), Letterbox(1, 1, 0, 0, 1, 1)).tolist(), [[0]])


class ConnectedRegionsTests(unittest.TestCase):
    def test_regions_touch_at_corners_and_come_by_class_area_and_first_pixel(self):
        classes = np.zeros((5, 7), int)
        classes[0, 5] = classes[1, 6] = 1
        classes[2:4, 0:2] = 1
        classes[4, 3] = classes[0, 0] = 2
        found = connected_regions(classes, NAMES, background=0)
        summary = [(region.class_name, region.mask.area, region.mask.x, region.mask.y) for region in found]
        self.assertEqual(summary, [("crack", 4, 0, 2), ("crack", 2, 5, 0), ("hole", 1, 0, 0), ("hole", 1, 3, 4)])
        self.assertEqual([region.centroid for region in found], [(1.0, 3.0), (6.0, 1.0), (0.5, 0.5), (3.5, 4.5)])
        self.assertEqual(found[1].mask.pixels.tolist(), [[True, False], [False, True]])

    def test_nothing_but_background_has_no_regions(self):
        self.assertEqual(connected_regions(np.ones((3, 3), int), NAMES, background=1), [])

    def test_records_hold_area_box_centroid_and_mask(self):
        classes = np.zeros((4, 6), int)
        classes[1:3, 2:5] = 2
        inspection = SemanticInspection(6, 4, connected_regions(classes, NAMES, 0))
        record = to_record("tile.png", "tiles/1", inspection)
        (region,) = record["regions"]
        self.assertEqual((region["class"], region["area"]), ("hole", 6))
        self.assertEqual(region["box"], {"x": 2, "y": 1, "width": 3, "height": 2})
        self.assertEqual(region["centroid"], {"x": 3.5, "y": 2.0})
        mask = masks.from_rle(region["mask"]["counts"], *region["mask"]["size"])
        self.assertEqual((mask.x, mask.y, mask.area), (2, 1, 6))


class LabelMapTests(unittest.TestCase):
    def setUp(self):
        self.logits = np.zeros((3, 4, 8), np.float32)
        self.logits[1, 0, :3], self.logits[2, 2, 2:8] = 1, 2

    def areas(self, offset: float, area: int) -> list[int]:
        label = label_map(self.logits, Letterbox(8, 4, 0, 0, 8, 4), NAMES, Semantic(0, offset, area))
        return np.bincount(label.ravel(), minlength=3)[1:].tolist()

    def test_offset_and_area_leave_out_what_is_unsure_or_small(self):
        self.assertEqual(self.areas(0.0, 1), [3, 6])
        self.assertEqual(self.areas(1.0, 1), [0, 6])
        self.assertEqual(self.areas(0.0, 4), [0, 6])
        self.assertEqual(self.areas(2.0, 1), [0, 0])

    def test_logits_are_left_as_they_are(self):
        before = self.logits.copy()
        self.areas(3.0, 1)
        np.testing.assert_array_equal(self.logits, before)


if __name__ == "__main__":
    unittest.main()
