import unittest

import numpy as np

from training.data.warp import Warp, draw_warp, warp
from training.tests.boards import small_board


def scaling(factor: float, size: int) -> Warp:
    return Warp(np.array([[factor, 0, 0], [0, factor, 0]], float), size)


class DrawWarpTests(unittest.TestCase):
    def test_views_lie_within_the_board(self):
        rng = np.random.default_rng(0)
        for _ in range(300):
            size = int(rng.integers(60, 161))
            view = draw_warp(size, 160, rng.uniform(-20, 180, 2), 0.4, 0.2, 0.5, 0.5, rng)
            back = np.linalg.inv(view.matrix[:, :2])
            corners = np.array([(0, 0), (size, 0), (0, size), (size, size)]) - view.matrix[:, 2]
            on_board = corners @ back.T
            self.assertTrue((on_board >= -1e-6).all() and (on_board <= 160 + 1e-6).all(), on_board)

    def test_the_center_is_in_the_middle_where_there_is_room(self):
        rng = np.random.default_rng(1)
        view = draw_warp(60, 160, np.array([80.0, 75.0]), 0.1, 0.1, 1.0, 0.3, rng)
        np.testing.assert_allclose(view.matrix @ [80, 75, 1], [30, 30])


class WarpTests(unittest.TestCase):
    def test_nothing_but_a_copy_without_a_change(self):
        board = small_board()
        same = warp(board, scaling(1.0, 160))
        np.testing.assert_array_equal(same.image, board.image)
        np.testing.assert_array_equal(same.template, board.template)
        np.testing.assert_array_equal(same.label_map, board.label_map)
        np.testing.assert_array_equal(same.boxes, board.boxes)

    def test_defects_grow_and_their_margins_do_not(self):
        double = warp(small_board(), scaling(2.0, 320))
        self.assertEqual(double.image.shape, (320, 320))
        self.assertEqual(set(np.unique(double.image)), {0, 255})
        for index, box in enumerate(double.boxes):
            rows, columns = np.nonzero(double.label_map == index + 1)
            margins = (columns.min() - box[0], rows.min() - box[1], box[2] - columns.max() - 1, box[3] - rows.max() - 1)
            self.assertEqual(margins, (10, 10, 10, 10))
        # A bite of 4 x 6 pixels became one of 8 x 12.
        self.assertEqual((double.label_map == 1).sum(), 4 * 24)

    def test_masks_are_where_image_and_template_differ(self):
        board = small_board()
        view = draw_warp(120, 160, np.array([80.0, 80.0]), 0.0, 0.1, 1.0, 0.3, np.random.default_rng(4))
        inside = (view.corners(board.boxes).clip(0, 120) == view.corners(board.boxes)).all(1)
        self.assertTrue(inside.any())
        warped = warp(board, view)
        differing, labelled = warped.image != warped.template, warped.label_map > 0
        # Both follow the same edge; they differ by its rounding alone.
        self.assertLess((differing != labelled).sum(), 0.3 * labelled.sum())

    def test_a_defect_that_vanishes_is_taken_off_the_list(self):
        board = small_board()
        board.label_map[board.label_map == 1] = 0
        board.label_map[20, 20] = 1
        tiny = warp(board, Warp(np.array([[0.25, 0, 0], [0, 0.25, 0]]), 40))
        self.assertEqual(len(tiny.boxes), len(tiny.classes))
        self.assertEqual(set(np.unique(tiny.label_map)) - {0}, set(range(1, len(tiny.boxes) + 1)))
        self.assertLess(len(tiny.boxes), 3)


if __name__ == "__main__":
    unittest.main()
