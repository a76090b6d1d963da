import math
import unittest

import torch

from training.networks.boxes import (
    DELTA_WEIGHTS,
    apply_deltas,
    decode_head,
    encode_deltas,
    pairwise_iou,
    to_centers,
    to_corners,
)


class BoxTests(unittest.TestCase):
    def test_to_centers_and_back_gives_the_same_boxes(self):
        boxes = torch.tensor([[10.0, 20, 40, 80], [0, 0, 1, 3]])
        self.assertEqual(to_centers(boxes).tolist(), [[25, 50, 30, 60], [0.5, 1.5, 1, 3]])
        self.assertTrue(torch.equal(to_corners(to_centers(boxes)), boxes))

    def test_pairwise_iou_of_hand_worked_boxes(self):
        first = torch.tensor([[0.0, 0, 10, 10]])
        second = torch.tensor([[0.0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10], [2, 2, 4, 4]])
        expected = torch.tensor([[1, 50 / 150, 0, 4 / 100]])
        torch.testing.assert_close(pairwise_iou(first, second), expected)

    def test_decode_head_of_zeros_gives_anchors_at_cell_centers(self):
        anchors = torch.tensor([[30.0, 20], [12, 40]])
        rows = decode_head(torch.zeros(1, 2 * 7, 2, 3), anchors, 8)
        self.assertEqual(rows.shape, (1, 2 * 2 * 3, 7))
        # The second anchor, row 1, column 2: center at (2.5, 1.5) cells of 8 pixels.
        self.assertEqual(to_centers(rows[0, 6 + 5, :4]).tolist(), [20, 12, 12, 40])
        self.assertTrue((rows[..., 4:] == 0.5).all())

    def test_decode_head_reads_channels_anchor_by_anchor(self):
        head = torch.zeros(1, 2, 6, 1, 1)
        head[0, 1, 4] = 100.0
        rows = decode_head(head.view(1, 12, 1, 1), torch.ones(2, 2), 8)
        self.assertEqual(rows[0, :, 4].tolist(), [0.5, 1.0])

    def test_deltas_move_regions_onto_their_targets(self):
        regions = torch.tensor([[10.0, 10, 30, 50], [100, 100, 140, 120]])
        targets = torch.tensor([[12.0, 8, 36, 44], [90, 101, 135, 127]])
        torch.testing.assert_close(apply_deltas(regions, encode_deltas(regions, targets)), targets)

    def test_encode_deltas_of_a_hand_worked_pair(self):
        deltas = encode_deltas(torch.tensor([[0.0, 0, 10, 20]]), torch.tensor([[1.0, 2, 21, 22]]))
        expected = [0.6 * DELTA_WEIGHTS[0], 0.1 * DELTA_WEIGHTS[1], math.log(2) * DELTA_WEIGHTS[2], 0.0]
        torch.testing.assert_close(deltas, torch.tensor([expected]))

    def test_apply_deltas_limits_the_change_of_size(self):
        moved = apply_deltas(torch.tensor([[0.0, 0, 10, 10]]), torch.tensor([[0.0, 0, 500, -500]]))
        torch.testing.assert_close(to_centers(moved)[0, 2:], torch.tensor([10 * math.e, 10 / math.e]))


if __name__ == "__main__":
    unittest.main()
