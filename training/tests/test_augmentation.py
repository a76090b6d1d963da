import unittest

import numpy as np

from training.data.augmentation import Augmentation, crop, layout_of, move_edges, random_view, repair, turn
from training.generator.kinds import Defect
from training.generator.margins import BOX_MARGIN, EXCESS_BY_SIDE
from training.tests.boards import small_board


def assert_boxes_hold_masks(test, board):
    test.assertEqual(len(board.boxes), len(board.classes))
    test.assertEqual(set(np.unique(board.label_map)) - {0}, set(range(1, len(board.boxes) + 1)))
    for index, box in enumerate(board.boxes):
        rows, columns = np.nonzero(board.label_map == index + 1)
        test.assertTrue(box[0] <= columns.min() and columns.max() < box[2], box)
        test.assertTrue(box[1] <= rows.min() and rows.max() < box[3], box)


class RepairTests(unittest.TestCase):
    def test_repairing_everything_gives_the_template(self):
        board = small_board()
        repaired = repair(board, np.ones(3, bool))
        np.testing.assert_array_equal(repaired.image, board.template)
        self.assertFalse(repaired.label_map.any())
        self.assertEqual((len(repaired.boxes), len(repaired.classes)), (0, 0))

    def test_neighbour_in_an_overlapping_box_stays_whole(self):
        board = small_board()
        repaired = repair(board, np.array([False, True, False]))
        np.testing.assert_array_equal(repaired.label_map == 2, board.label_map == 3)
        kept = board.label_map == 3
        np.testing.assert_array_equal(repaired.image[kept], board.image[kept])
        gone = board.label_map == 2
        np.testing.assert_array_equal(repaired.image[gone], board.template[gone])
        self.assertEqual(repaired.classes.tolist(), [2, 4])

    def test_repairing_nothing_and_the_given_board_change_nothing(self):
        board = small_board()
        self.assertIs(repair(board, np.zeros(3, bool)), board)
        repair(board, np.ones(3, bool))
        np.testing.assert_array_equal(board.image, small_board().image)
        np.testing.assert_array_equal(board.label_map, small_board().label_map)


class CropTests(unittest.TestCase):
    def test_crop_moves_boxes_and_repairs_what_it_cuts(self):
        cut = 0
        for seed in range(40):
            view = crop(small_board(), 64, np.random.default_rng(seed))
            self.assertEqual((view.image.shape, view.template.shape, view.label_map.shape), ((64, 64),) * 3)
            assert_boxes_hold_masks(self, view)
            np.testing.assert_array_equal(view.image != view.template, view.label_map > 0)
            sizes = view.boxes[:, 2:] - view.boxes[:, :2]
            originals = small_board().boxes[:, 2:] - small_board().boxes[:, :2]
            for size in sizes.tolist():
                self.assertIn(size, originals.tolist())
            cut += len(view.boxes) < 1
        self.assertGreater(cut, 0)

    def test_crop_as_large_as_the_board_is_the_board(self):
        board = small_board()
        self.assertIs(crop(board, 160, np.random.default_rng(0)), board)

    def test_boards_without_defects_can_be_cropped(self):
        clean = repair(small_board(), np.ones(3, bool))
        self.assertEqual(crop(clean, 64, np.random.default_rng(0)).image.shape, (64, 64))


class TurnTests(unittest.TestCase):
    def test_boxes_follow_their_masks_through_all_eight(self):
        seen = set()
        for seed in range(60):
            board = turn(small_board(), np.random.default_rng(seed))
            assert_boxes_hold_masks(self, board)
            rows, columns = np.nonzero(board.label_map == 1)
            box = board.boxes[0]
            margins = (columns.min() - box[0], rows.min() - box[1], box[2] - columns.max() - 1, box[3] - rows.max() - 1)
            excess = np.subtract(margins, BOX_MARGIN) / EXCESS_BY_SIDE[Defect.MOUSEBITE]
            np.testing.assert_allclose(sorted(excess), [0, 0, 1 / 1.0, 1 / 0.8], atol=1e-5)
            seen.add(board.image.tobytes())
        self.assertEqual(len(seen), 8)


class RandomViewTests(unittest.TestCase):
    settings = Augmentation(repair_probability=0.3, most_added=120, camera_probability=0.0)

    def test_views_are_consistent_and_get_new_defects(self):
        added = 0
        for seed in range(12):
            view = random_view(small_board(), 128, self.settings, np.random.default_rng(seed))
            self.assertEqual((view.image.shape, view.image.dtype), ((128, 128), np.uint8))
            assert_boxes_hold_masks(self, view)
            self.assertTrue((view.boxes >= 0).all() and (view.boxes <= 128).all())
            added += max(0, len(view.boxes) - 3)
        self.assertGreater(added, 0)

    def test_camera_changes_grey_values_only(self):
        plain = random_view(small_board(), 128, self.settings, np.random.default_rng(5))
        settings = Augmentation(0.3, 120, 1.0)
        grey = random_view(small_board(), 128, settings, np.random.default_rng(5))
        self.assertGreater(len(np.unique(grey.image)), 10)
        self.assertLessEqual(len(np.unique(plain.image)), 2)
        np.testing.assert_array_equal(grey.label_map, plain.label_map)
        np.testing.assert_array_equal(grey.boxes, plain.boxes)

    def test_warped_views_are_consistent(self):
        settings = Augmentation(0.3, 120, 0.0, warp_probability=1.0, turn_probability=0.5)
        for seed in range(20):
            view = random_view(small_board(), 96, settings, np.random.default_rng(seed))
            self.assertEqual((view.image.shape, view.template.shape, view.label_map.shape), ((96, 96),) * 3)
            self.assertLessEqual(set(np.unique(view.image)), {0, 255})
            self.assertEqual(set(np.unique(view.label_map)) - {0}, set(range(1, len(view.boxes) + 1)))
            self.assertTrue((view.boxes >= 0).all() and (view.boxes <= 96).all())

    def test_whole_boards_are_never_warped(self):
        settings = Augmentation(0.0, 0, 0.0, warp_probability=1.0)
        view = random_view(small_board(), 160, settings, np.random.default_rng(0))
        np.testing.assert_array_equal(view.image, small_board().image)
        self.assertEqual(len(view.boxes), 3)

    def test_whole_boards_are_not_turned_either(self):
        settings = Augmentation(0.0, 0, 0.0)
        for seed in range(8):
            view = random_view(small_board(), 160, settings, np.random.default_rng(seed))
            np.testing.assert_array_equal(view.image, small_board().image)
            np.testing.assert_array_equal(view.boxes, small_board().boxes)

    def test_layout_views_show_no_real_defects(self):
        settings = Augmentation(0.0, 0, 0.0, layout_probability=1.0)
        view = random_view(small_board(), 160, settings, np.random.default_rng(0))
        self.assertEqual(sorted(view.image.ravel()), sorted(small_board().template.ravel()))
        self.assertEqual((len(view.boxes), len(view.classes), view.label_map.any()), (0, 0, False))


class MoveEdgesTests(unittest.TestCase):
    def test_copper_grows_and_shrinks(self):
        layout = layout_of(small_board())
        copper = [(move_edges(layout, pixels).image == 0).sum() for pixels in (-2, 0, 2)]
        self.assertEqual([count / 160 for count in copper], [4 * 8, 4 * 12, 4 * 16])

    def test_a_layout_whose_gaps_would_close_stays_as_it_is(self):
        board = small_board()
        board.template[:, 34:58] = 0
        layout = layout_of(board)
        self.assertIs(move_edges(layout, 3), layout)


if __name__ == "__main__":
    unittest.main()
