"""COCO run lengths against a writer that is as plain as the format's description."""

import unittest

import numpy as np

from ymasknet import MaskError
from ymasknet.masks import run_lengths
from ymasknet.masks.crop import Crop


def write(mask: np.ndarray) -> str:
    """A mask [H, W] pixel by pixel, as the format says."""
    runs, inside, length = [], False, 0
    for pixel in mask.T.ravel().tolist():
        if pixel != inside:
            runs.append(length)
            inside, length = pixel, 0
        length += 1
    runs.append(length)
    text = ""
    for index, run in enumerate(runs):
        value = run - runs[index - 2] if index > 2 else run
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != (-1 if bits & 0x10 else 0)
            text += chr(48 + bits + (0x20 if more else 0))
    return text


def full(crop: Crop, height: int, width: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    rows, columns = crop.pixels.shape
    mask[crop.y : crop.y + rows, crop.x : crop.x + columns] = crop.pixels
    return mask


def random_masks(count: int):
    rng = np.random.default_rng(0)
    for _ in range(count):
        height, width = rng.integers(1, 60, 2)
        mask = rng.random((height, width)) < rng.random() ** 2
        if rng.random() < 0.5:
            # Something small in a large image.
            top, left = rng.integers(0, height), rng.integers(0, width)
            mask[:top], mask[:, :left], mask[top + 5 :], mask[:, left + 5 :] = False, False, False, False
        yield mask


class RunLengthTests(unittest.TestCase):
    def test_decode_gives_back_random_masks_in_their_tight_rectangle(self):
        for mask in random_masks(500):
            height, width = mask.shape
            crop = run_lengths.decode(write(mask), height, width)
            np.testing.assert_array_equal(full(crop, height, width), mask)
            self.assertTrue(
                crop.pixels.size == 0
                or (crop.pixels.any(axis=1)[[0, -1]].all() and crop.pixels.any(axis=0)[[0, -1]].all())
            )

    def test_encode_writes_what_the_plain_writer_writes(self):
        for mask in random_masks(500):
            height, width = mask.shape
            crop = run_lengths.decode(write(mask), height, width)
            self.assertEqual(run_lengths.encode(crop, height, width), write(mask))

    def test_encode_of_a_loose_rectangle_is_the_same(self):
        mask = np.zeros((9, 7), bool)
        mask[2:5, 3] = mask[8, 6] = True
        self.assertEqual(run_lengths.encode(Crop(1, 1, mask[1:, 1:]), 9, 7), write(mask))

    def test_strings_written_by_hand(self):
        # A run below 16 is one character (48 + run); 35 is the groups 3 | 0x20 and 1; the fourth run, 1, stands as its
        # difference to the second, -3: 0x1d, whose highest bit is the sign.
        np.testing.assert_array_equal(run_lengths.parse("54S1M", 9, 5), [5, 4, 35, 1])
        self.assertEqual(run_lengths.compress(np.array([5, 4, 35, 1])), "54S1M")

    def test_long_runs_round_trip(self):
        runs = np.array([409600, 1, 2**30, 70000, 3])
        np.testing.assert_array_equal(run_lengths.parse(run_lengths.compress(runs), 1, int(runs.sum())), runs)

    def test_damaged_strings_are_refused_with_what_is_wrong(self):
        for counts, what in {
            "54S": "end inside a run",
            "5 4": "foreign character at position 1",
            "5\u20ac": "foreign character at position 1",
            "ooooooo0": "longer than any image",
            "5O4": "Run 1 of a COCO mask is negative",
            "54S1": "cover 44 pixels, its image of 5 x 9 has 45",
            "": "cover 0 pixels",
        }.items():
            with self.subTest(counts), self.assertRaisesRegex(MaskError, what):
                run_lengths.decode(counts, 9, 5)


if __name__ == "__main__":
    unittest.main()
