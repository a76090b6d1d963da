import unittest

import numpy as np

from training.data.shapes import harvest
from training.generator.defects import add_defects
from training.generator.kinds import Defect
from training.generator.margins import BOX_MARGIN
from training.generator.stamps import Stamp, StampLibrary, cut_stamp
from training.tests.boards import small_board
from training.tests.test_defects import NO_BOXES, NO_CLASSES, striped_board


def corner_stamp() -> Stamp:
    """An L of 3 columns and 5 rows, which no turn or flip leaves as it is."""
    mask = np.zeros((20, 30), bool)
    mask[4:9, 10], mask[8, 10:13] = True, True
    return cut_stamp(mask, np.array([8, 1, 17, 16]))


class CutStampTests(unittest.TestCase):
    def test_shape_is_centered_and_margins_are_what_the_box_leaves(self):
        stamp = corner_stamp()
        self.assertEqual(stamp.margin, (2, 3, 4, 7))
        self.assertEqual(stamp.shape.shape, (7, 7))
        rows, columns = np.nonzero(stamp.shape)
        self.assertEqual((rows.min(), rows.max(), columns.min(), columns.max()), (1, 5, 2, 4))

    def test_an_empty_mask_has_no_stamp(self):
        self.assertIsNone(cut_stamp(np.zeros((5, 5), bool), np.array([0, 0, 5, 5])))


class StampLibraryTests(unittest.TestCase):
    def test_drawing_gives_all_eight_orientations_and_margins_turn_along(self):
        stamp = corner_stamp()
        library = StampLibrary({0: [stamp]})
        seen = {}
        for seed in range(80):
            shape, margin = library.draw(0, np.random.default_rng(seed))
            self.assertEqual(shape.sum(), stamp.shape.sum())
            seen.setdefault(shape.tobytes(), set()).add(margin)
        self.assertEqual(len(seen), 8)
        # The corner of the L points to the sides whose boxes lie 8 (left) and 2 (bottom) closer than usual.
        for data, margins in seen.items():
            shape = np.frombuffer(data, np.uint8).reshape(7, 7)
            self.assertEqual(len(margins), 1)
            left, top, right, bottom = np.subtract(margins.pop(), BOX_MARGIN)
            rows, columns = np.nonzero(shape)
            sides = {
                left: (columns == columns.min()).sum(),
                right: (columns == columns.max()).sum(),
                top: (rows == rows.min()).sum(),
                bottom: (rows == rows.max()).sum(),
            }
            self.assertEqual((sides[-8], sides[-2], sides[-7], sides[-5]), (5, 3, 1, 1))

    def test_an_unknown_kind_has_no_stamp(self):
        self.assertIsNone(StampLibrary({}).draw(0, np.random.default_rng(0)))


class HarvestTests(unittest.TestCase):
    def test_every_defect_gives_a_stamp_of_its_kind(self):
        library = harvest([small_board(), small_board()])
        self.assertEqual({kind: len(stamps) for kind, stamps in library.stamps.items()}, {2: 2, 3: 2, 4: 2})
        self.assertEqual(library.stamps[3][0].margin, (10, 10, 10, 10))
        self.assertEqual(library.stamps[3][0].shape.sum(), 30)


class AddDefectsWithLibraryTests(unittest.TestCase):
    def test_shapes_and_margins_come_from_the_library(self):
        square = np.zeros((40, 40), bool)
        square[10:19, 10:17] = True
        stamp = cut_stamp(square, np.array([6, 5, 20, 22]))
        library = StampLibrary({int(Defect.COPPER): [stamp], int(Defect.PINHOLE): [stamp]})
        board, found = striped_board(), 0
        for seed in range(6):
            blank = np.zeros_like(board)
            _, label_map, boxes, classes = add_defects(
                board, blank, NO_BOXES, NO_CLASSES, np.random.default_rng(seed), 20, library
            )
            for index, (box, kind) in enumerate(zip(boxes, classes)):
                own = label_map == index + 1
                if kind not in library.stamps or own.sum() != 63:
                    continue
                rows, columns = np.nonzero(own)
                margins = [columns.min() - box[0], rows.min() - box[1]]
                margins += [box[2] - columns.max() - 1, box[3] - rows.max() - 1]
                self.assertEqual(sorted(np.subtract(margins, BOX_MARGIN)), [-6, -6, -6, -5])
                found += 1
        self.assertGreater(found, 5)

    def test_a_shape_that_hardly_changes_anything_is_not_drawn(self):
        # Longer than any copper is wide: less than the smallest part would lie on copper.
        bar = np.zeros((200, 200), bool)
        bar[95:101, 20:180] = True
        library = StampLibrary({int(kind): [cut_stamp(bar, np.array([10, 85, 190, 110]))] for kind in Defect})
        board = striped_board()
        for seed in range(4):
            _, label_map, _, classes = add_defects(
                board, np.zeros_like(board), NO_BOXES, NO_CLASSES, np.random.default_rng(seed), 12, library
            )
            for index, kind in enumerate(classes):
                if kind in (Defect.MOUSEBITE, Defect.SPUR):
                    self.assertLess((label_map == index + 1).sum(), 0.6 * bar.sum())


if __name__ == "__main__":
    unittest.main()
