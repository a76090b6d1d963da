import os
import unittest
from unittest import mock

import numpy as np

from training.data.deeppcb import dataset_root, decode_rle, is_held_out, load_boards


class DeepPcbTests(unittest.TestCase):
    def test_decode_rle_runs_down_the_columns(self):
        mask = decode_rle([1, 2, 3], 2, 3)
        self.assertEqual(mask.tolist(), [[False, True, False], [True, False, False]])

    def test_held_out_boards_are_about_six_percent_and_fixed(self):
        names = [f"{index:08d}.png" for index in range(10000)]
        self.assertAlmostEqual(np.mean([is_held_out(name) for name in names]), 0.06, delta=0.01)
        self.assertEqual([name for name in names[:60] if is_held_out(name)], ["00000002.png", "00000004.png", "00000005.png", "00000033.png", "00000042.png", "00000044.png", "00000047.png", "00000057.png"])

    def test_dataset_root_without_the_variable_names_it(self):
        with mock.patch.dict(os.environ):
            os.environ.pop("YMASKNET_DATA", None)
            with self.assertRaisesRegex(RuntimeError, "YMASKNET_DATA"):
                dataset_root()

    @unittest.skipUnless(os.environ.get("YMASKNET_DATA"), "skipped: YMASKNET_DATA not set")
    def test_held_out_boards_have_masks_inside_their_boxes(self):
        boards = load_boards(dataset_root(), "holdout")
        self.assertEqual(len(boards), 72)
        inside = total = 0
        for board in boards:
            self.assertEqual(board.image.shape, board.template.shape)
            self.assertLessEqual(int(board.label_map.max()), len(board.boxes))
            for index, box in enumerate(board.boxes.astype(int)):
                mask = board.label_map == index + 1
                total += mask.sum()
                inside += mask[box[1] : box[3], box[0] : box[2]].sum()
        self.assertGreater(inside / total, 0.99)


if __name__ == "__main__":
    unittest.main()
