"""Run-length encoding and cropped masks."""

import unittest

import numpy as np

from training.metrics import masks, rle


class RunLengthTest(unittest.TestCase):
    def test_encode_counts_columns_background_first(self):
        mask = np.array([[0, 1], [1, 1], [0, 0]], bool)
        self.assertEqual(rle.encode(mask), [1, 1, 1, 2, 1])

    def test_encode_starts_with_zero_where_the_first_pixel_is_set(self):
        self.assertEqual(rle.encode(np.ones((2, 2), bool)), [0, 4])

    def test_compress_gives_the_strings_of_pycocotools(self):
        # By hand: a run below 16 is one letter (48 + run), 35 is the groups 3 | 0x20 and 1, and the fourth run
        # stands as its difference, 1 - 4 = -3, to the second: 0x1d, sign bit set.
        self.assertEqual(rle.compress([5, 4, 35]), "54S1")
        self.assertEqual(rle.compress([5, 4, 35, 1]), "54S1M")

    def test_both_forms_round_trip(self):
        rng = np.random.default_rng(0)
        for _ in range(300):
            height, width = rng.integers(1, 50, 2)
            mask = rng.random((height, width)) < rng.random() ** 2
            runs = rle.encode(mask)
            text = rle.compress(runs)
            np.testing.assert_array_equal(rle.run_lengths(text), runs)
            np.testing.assert_array_equal(rle.decode(text, height, width), mask)
            np.testing.assert_array_equal(rle.decode(runs, height, width), mask)

    def test_long_runs_round_trip(self):
        runs = [409600, 1, 2**30, 70000, 3]
        np.testing.assert_array_equal(rle.run_lengths(rle.compress(runs)), runs)

    def test_what_does_not_cover_the_image_is_refused(self):
        with self.assertRaisesRegex(ValueError, "cover 5 pixels"):
            rle.decode([2, 3], 2, 3)
        with self.assertRaisesRegex(ValueError, "cover 5 pixels"):
            masks.from_rle([2, 3], 2, 3)

    def test_a_damaged_string_is_refused(self):
        for text in ("S", "é", " ", "o" * 12 + "0"):
            with self.assertRaises(ValueError, msg=repr(text)):
                rle.run_lengths(text)

    def test_a_negative_run_is_refused(self):
        with self.assertRaisesRegex(ValueError, "negative"):
            rle.run_lengths([3, -1, 4])


class CroppedMaskTest(unittest.TestCase):
    def test_from_rle_is_the_tight_rectangle(self):
        full = np.zeros((9, 7), bool)
        full[2:5, 3] = full[4, 5] = True
        mask = masks.from_rle(rle.encode(full), 9, 7)
        self.assertEqual((mask.x, mask.y, mask.pixels.shape), (3, 2, (3, 3)))
        np.testing.assert_array_equal(mask.pixels, full[2:5, 3:6])

    def test_rle_round_trips_at_every_place(self):
        rng = np.random.default_rng(1)
        for _ in range(200):
            height, width = rng.integers(1, 30, 2)
            full = np.zeros((height, width), bool)
            y, x = rng.integers(0, height), rng.integers(0, width)
            full[y : y + 6, x : x + 6] = rng.random(full[y : y + 6, x : x + 6].shape) < 0.6
            runs = rle.encode(full)
            self.assertEqual(masks.to_rle(masks.from_rle(runs, height, width), height, width), runs)

    def test_overlap_equals_that_of_whole_images(self):
        rng = np.random.default_rng(2)
        for _ in range(200):
            first, second = np.zeros((2, 20, 20), bool)
            for full in (first, second):
                y, x = rng.integers(0, 16, 2)
                full[y : y + 8, x : x + 8] = rng.random(full[y : y + 8, x : x + 8].shape) < 0.7
            one, other = (masks.from_rle(rle.encode(full), 20, 20) for full in (first, second))
            common, union = (first & second).sum(), (first | second).sum()
            self.assertEqual(masks.intersection(one, other), common)
            self.assertEqual(masks.difference(one, other), (first ^ second).sum())
            self.assertAlmostEqual(masks.iou(one, other), common / union if union else 0.0)

    def test_a_filled_box_has_the_pixels_whose_centres_lie_in_it(self):
        mask = masks.from_box([2.5, 1.6, 5.4, 4.0], 20, 10)
        self.assertEqual((mask.x, mask.y, mask.pixels.shape), (2, 2, (2, 3)))
        self.assertTrue(mask.pixels.all())

    def test_a_filled_box_is_cut_at_the_image(self):
        mask = masks.from_box([-3, -2, 25, 4], 20, 10)
        self.assertEqual((mask.x, mask.y, mask.pixels.shape), (0, 0, (4, 20)))
        for outside in ([-9, 0, -1, 5], [20, 0, 25, 5], [3, 10, 5, 12], [3, 3, 3, 8], [3.6, 3, 4.4, 8]):
            self.assertIs(masks.from_box(outside, 20, 10), masks.EMPTY, outside)

    def test_empty_masks_overlap_nothing(self):
        self.assertEqual(masks.iou(masks.EMPTY, masks.EMPTY), 0.0)
        self.assertEqual(masks.from_rle([12], 3, 4).area, 0)


if __name__ == "__main__":
    unittest.main()
