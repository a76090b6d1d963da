import unittest

import cv2
import numpy as np

from training.generator.defects import (
    EDGE_CLEARANCE,
    REMOVES_COPPER,
    SMALLEST_AREA,
    STROKE_EXCESS,
    add_defects,
    keeps_promise,
    labelled_box,
    narrowest_crossing,
)
from training.generator.kinds import Defect
from training.generator.margins import BOX_MARGIN

NO_BOXES = np.zeros((0, 4), np.float32)
NO_CLASSES = np.zeros(0, np.int64)


def striped_board(size=400):
    """Vertical traces of 24 px every 64 px, each with a pad."""
    board = np.full((size, size), 255, np.uint8)
    for left in range(40, size - 40, 64):
        board[:, left : left + 24] = 0
        cv2.circle(board, (left + 12, size // 2), 28, 0, -1)
    return board


def draw(seed, count=12, board=None):
    board = striped_board() if board is None else board
    empty = np.zeros(board.shape, np.uint8)
    return board, *add_defects(board, empty, NO_BOXES, NO_CLASSES, np.random.default_rng(seed), count)


class AddDefectsTests(unittest.TestCase):
    def test_every_mask_is_exactly_what_changed(self):
        for seed in range(5):
            before, after, label_map, boxes, classes = draw(seed)
            self.assertGreater(len(classes), 5)
            np.testing.assert_array_equal(label_map > 0, before != after)
            for index, kind in enumerate(classes):
                new_value = 255 if Defect(kind) in REMOVES_COPPER else 0
                own = label_map == index + 1
                self.assertGreaterEqual(own.sum(), SMALLEST_AREA)
                self.assertTrue((after[own] == new_value).all())

    def test_every_kind_is_drawn(self):
        kinds = {int(kind) for seed in range(6) for kind in draw(seed)[4]}
        self.assertEqual(kinds, {int(kind) for kind in Defect})

    def test_whole_board_connectivity_agrees_with_the_kinds(self):
        for seed in range(40):
            before, after, _, _, classes = draw(seed, count=1)
            if len(classes) == 0:
                continue
            parts = [cv2.connectedComponents((b < 128).astype(np.uint8))[0] for b in (before, after)]
            expected = {Defect.OPEN: 1, Defect.SHORT: -1, Defect.COPPER: 1}.get(Defect(classes[0]), 0)
            self.assertEqual(parts[1] - parts[0], expected, Defect(classes[0]))

    def test_boxes_hold_their_masks_with_the_margin(self):
        _, _, label_map, boxes, classes = draw(1)
        for index, (box, kind) in enumerate(zip(boxes, classes)):
            rows, columns = np.nonzero(label_map == index + 1)
            margin = [columns.min() - box[0], rows.min() - box[1], box[2] - columns.max() - 1, box[3] - rows.max() - 1]
            most = 1.6 * STROKE_EXCESS[Defect(kind)] + 0.5
            for actual, base in zip(margin, BOX_MARGIN):
                self.assertGreaterEqual(actual, base - 0.5)
                self.assertLessEqual(actual, base + most)

    def test_defects_keep_away_from_given_boxes_and_from_the_edge(self):
        board = striped_board()
        box = np.array([[100, 0, 300, 400]], np.float32)
        rng = np.random.default_rng(0)
        _, label_map, boxes, classes = add_defects(board, np.zeros_like(board), box, np.array([2]), rng, 15)
        self.assertGreater(len(boxes), 1)
        self.assertEqual(classes[0], 2)
        np.testing.assert_array_equal(boxes[0], box[0])
        self.assertFalse(label_map[:, 100:300].any())
        self.assertFalse((label_map == 1).any())
        self.assertTrue((label_map == 2).any())
        inner = label_map[EDGE_CLEARANCE:-EDGE_CLEARANCE, EDGE_CLEARANCE:-EDGE_CLEARANCE]
        self.assertEqual((inner > 0).sum(), (label_map > 0).sum())

    def test_inputs_are_left_alone(self):
        board = striped_board()
        label_map = np.zeros_like(board)
        add_defects(board, label_map, NO_BOXES, NO_CLASSES, np.random.default_rng(0), 10)
        np.testing.assert_array_equal(board, striped_board())
        self.assertFalse(label_map.any())

    def test_same_seed_draws_the_same(self):
        for first, second in zip(draw(3), draw(3)):
            np.testing.assert_array_equal(first, second)

    def test_blank_board_has_room_for_copper_only(self):
        _, _, _, _, classes = draw(0, 30, np.full((300, 300), 255, np.uint8))
        self.assertEqual(set(classes.tolist()), {int(Defect.COPPER)})

    def test_no_room_gives_no_defects(self):
        board = np.full((40, 40), 255, np.uint8)
        _, after, label_map, boxes, classes = draw(0, 8, board)
        self.assertEqual((boxes.shape, classes.shape), ((0, 4), (0,)))
        np.testing.assert_array_equal(after, board)
        self.assertFalse(label_map.any())


class KeepsPromiseTests(unittest.TestCase):
    """A trace of rows 10..19 on a 30 x 60 window, and strokes over it."""

    def setUp(self):
        self.copper = np.zeros((30, 60), bool)
        self.copper[10:20] = True

    def stroke(self, rows, columns, copper=True):
        changed = np.zeros_like(self.copper)
        changed[rows, columns] = True
        return changed & (self.copper if copper else ~self.copper)

    def test_cut_through_is_an_open_and_no_mousebite(self):
        cut = self.stroke(slice(5, 25), slice(20, 28))
        self.assertTrue(keeps_promise(Defect.OPEN, self.copper, cut))
        self.assertFalse(keeps_promise(Defect.MOUSEBITE, self.copper, cut))

    def test_notch_is_a_mousebite_and_no_open(self):
        notch = self.stroke(slice(5, 15), slice(20, 28))
        self.assertTrue(keeps_promise(Defect.MOUSEBITE, self.copper, notch))
        self.assertFalse(keeps_promise(Defect.OPEN, self.copper, notch))
        self.assertFalse(keeps_promise(Defect.PINHOLE, self.copper, notch))

    def test_hole_inside_is_a_pinhole(self):
        hole = self.stroke(slice(13, 17), slice(20, 28))
        self.assertTrue(keeps_promise(Defect.PINHOLE, self.copper, hole))
        self.assertFalse(keeps_promise(Defect.MOUSEBITE, self.copper, hole))

    def test_island_is_copper_and_bump_is_a_spur(self):
        island = self.stroke(slice(2, 7), slice(20, 28), copper=False)
        bump = self.stroke(slice(5, 12), slice(20, 28), copper=False)
        self.assertTrue(keeps_promise(Defect.COPPER, self.copper, island))
        self.assertFalse(keeps_promise(Defect.SPUR, self.copper, island))
        self.assertTrue(keeps_promise(Defect.SPUR, self.copper, bump))
        self.assertFalse(keeps_promise(Defect.COPPER, self.copper, bump))

    def test_bridge_between_traces_is_a_short(self):
        self.copper[25:] = True
        bridge = self.stroke(slice(15, 28), slice(20, 28), copper=False)
        self.assertTrue(keeps_promise(Defect.SHORT, self.copper, bridge))
        self.assertFalse(keeps_promise(Defect.SPUR, self.copper, bridge))

    def test_a_mask_in_two_parts_is_none(self):
        self.copper[25:] = True
        both = self.stroke(slice(15, 30), slice(20, 28))
        self.assertFalse(keeps_promise(Defect.OPEN, self.copper, both))


class GeometryTests(unittest.TestCase):
    def test_narrowest_crossing_runs_across_the_trace(self):
        copper = np.zeros((80, 80), np.uint8)
        copper[:, 30:40] = 1
        distance = cv2.distanceTransform(copper, cv2.DIST_L2, 3)
        start, end = narrowest_crossing(distance, 40, 34, 20)
        np.testing.assert_allclose(start, [-5, 0], atol=1e-9)
        np.testing.assert_allclose(end, [6, 0], atol=1e-9)

    def test_narrowest_crossing_out_of_reach_is_none(self):
        distance = cv2.distanceTransform(np.pad(np.ones((78, 78), np.uint8), 1), cv2.DIST_L2, 3)
        self.assertIsNone(narrowest_crossing(distance, 40, 40, 20))

    def test_labelled_box_is_clipped_to_the_board(self):
        box = labelled_box(np.array([2, 5]), np.array([95, 99]), BOX_MARGIN, (60, 100))
        self.assertEqual((box[1], box[2]), (0, 100))


if __name__ == "__main__":
    unittest.main()
