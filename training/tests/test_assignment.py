import unittest

import torch

from training.learning.assignment import assign

ANCHORS = torch.tensor([[32.0, 32.0], [64.0, 32.0]])


def cells(center, size, grid=(10, 12), max_ratio=2.2):
    """The (anchor, row, column) that one target is assigned to, at stride 8."""
    result = assign(torch.tensor([center]), torch.tensor([size]), torch.tensor([3]), ANCHORS, 8, grid, max_ratio)
    assert (result.image == 3).all() and (result.target == 0).all()
    return set(zip(result.anchor.tolist(), result.row.tolist(), result.column.tolist()))


class AssignmentTests(unittest.TestCase):
    def test_target_takes_its_cell_and_the_nearest_in_x_and_y(self):
        # (42, 29) is cell (5.25, 3.625): nearer to the left and to the lower neighbour.
        self.assertEqual(cells([42.0, 29.0], [28.0, 34.0]), {(0, 3, 5), (0, 3, 4), (0, 4, 5)})

    def test_neighbours_outside_the_grid_are_left_out(self):
        self.assertEqual(cells([1.0, 1.0], [28.0, 34.0]), {(0, 0, 0)})
        self.assertEqual(cells([95.0, 79.0], [28.0, 34.0]), {(0, 9, 11)})

    def test_center_on_the_far_edge_stays_inside_the_grid(self):
        self.assertEqual(cells([96.0, 80.0], [28.0, 34.0]), {(0, 9, 11)})

    def test_center_in_the_middle_of_a_cell_goes_right_and_down(self):
        self.assertEqual(cells([44.0, 28.0], [28.0, 34.0]), {(0, 3, 5), (0, 3, 6), (0, 4, 5)})

    def test_anchor_ratio_at_the_limit_does_not_match(self):
        self.assertEqual(cells([42.0, 29.0], [32.0, 16.0], max_ratio=2.0), set())
        self.assertEqual({anchor for anchor, _, _ in cells([42.0, 29.0], [33.0, 17.0], max_ratio=2.0)}, {0, 1})

    def test_ratio_counts_for_larger_and_smaller_targets(self):
        self.assertEqual(cells([42.0, 29.0], [10.0, 32.0]), set())
        self.assertEqual(cells([42.0, 29.0], [150.0, 32.0]), set())

    def test_no_targets_give_an_empty_assignment(self):
        none = torch.zeros(0, 2)
        result = assign(none, none, torch.zeros(0, dtype=torch.long), ANCHORS, 8, (4, 4), 2.2)
        self.assertEqual([len(part) for part in result], [0] * 5)

    def test_targets_keep_their_images(self):
        centers = torch.tensor([[20.0, 20.0], [44.0, 44.0]])
        result = assign(centers, torch.full((2, 2), 32.0), torch.tensor([1, 0]), ANCHORS, 8, (10, 10), 1.5)
        self.assertEqual(set(zip(result.image.tolist(), result.target.tolist())), {(1, 0), (0, 1)})


if __name__ == "__main__":
    unittest.main()
