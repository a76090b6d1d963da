"""The board generator: what it draws is what its ground truth says, the same on every run."""

import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from training.data.deeppcb import CLASSES, decode_rle
from training.generator import __main__ as command_line
from training.generator import scanner
from training.generator.boards import Look, draw_board, is_unmistakable, labelled_box
from training.generator.coco import CATEGORIES, CocoFile, encode_rle
from training.generator.defects import REMOVES_COPPER
from training.generator.kinds import Defect
from training.generator.routing import find_way

SEEDS = range(9100, 9108)
NEIGHBOURHOOD = np.ones((3, 3), np.uint8)


def components(mask: np.ndarray) -> int:
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


class DrawnBoards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.boards = [draw_board(seed) for seed in SEEDS]

    def each_defect(self):
        for board in self.boards:
            for index, kind in enumerate(board.kinds):
                with self.subTest(seed=board.seed, defect=index, kind=kind.name):
                    yield board, kind, board.label_map == index + 1, board.boxes[index]

    def test_same_seed_same_board(self):
        again = draw_board(SEEDS[0])
        for field in ("clean", "defective", "image", "label_map", "boxes"):
            np.testing.assert_array_equal(getattr(again, field), getattr(self.boards[0], field))
        self.assertEqual(again.kinds, self.boards[0].kinds)

    def test_other_seed_other_board(self):
        self.assertTrue((self.boards[0].clean != self.boards[1].clean).any())

    def test_look_changes_the_image_alone(self):
        binary, grey = (draw_board(SEEDS[1], look) for look in (Look.BINARY, Look.GREY))
        np.testing.assert_array_equal(binary.label_map, grey.label_map)
        np.testing.assert_array_equal(binary.image, binary.defective)
        self.assertGreater(len(np.unique(grey.image)), 20)

    def test_boards_have_both_looks_and_all_kinds(self):
        self.assertEqual({board.look for board in self.boards}, set(Look))
        self.assertEqual({kind for board in self.boards for kind in board.kinds}, set(Defect))

    def test_every_board_has_1_to_12_defects(self):
        for board in self.boards:
            self.assertIn(len(board.kinds), range(1, 13))
            self.assertEqual(set(np.unique(board.label_map)) - {0}, set(range(1, len(board.kinds) + 1)))
            self.assertEqual(board.boxes.shape, (len(board.kinds), 4))

    def test_masks_are_the_changed_pixels(self):
        for board in self.boards:
            np.testing.assert_array_equal(board.clean != board.defective, board.label_map > 0)
            self.assertEqual(set(np.unique(board.clean)), {0, 255})

    def test_each_defect_changes_one_material(self):
        for board, kind, mask, _ in self.each_defect():
            was = 0 if kind in REMOVES_COPPER else 255
            self.assertTrue((board.clean[mask] == was).all())
            self.assertEqual(components(mask), 1)

    def test_boxes_are_tight_boxes_with_margin(self):
        for board, _, mask, box in self.each_defect():
            rows, columns = np.nonzero(mask)
            expected = (columns.min() - 10, rows.min() - 10, columns.max() + 1 + 9, rows.max() + 1 + 9)
            np.testing.assert_array_equal(box, np.clip(expected, 0, 640))

    def test_opens_cut_and_shorts_join(self):
        changes = {Defect.OPEN: 1, Defect.SHORT: -1, Defect.COPPER: 1}
        for board, kind, mask, box in self.each_defect():
            x1, y1, x2, y2 = box
            window = (slice(max(y1 - 8, 0), y2 + 8), slice(max(x1 - 8, 0), x2 + 8))
            before, after = board.clean[window] == 0, board.clean[window] == 0
            after = after ^ mask[window]
            self.assertEqual(components(after) - components(before), changes.get(kind, 0))
            gaps = components(~after) - components(~before)
            if kind in (Defect.PINHOLE, Defect.MOUSEBITE, Defect.SPUR):
                self.assertEqual(gaps, 1 if kind == Defect.PINHOLE else 0)

    def test_defects_are_unmistakable(self):
        for board, kind, mask, _ in self.each_defect():
            self.assertTrue(is_unmistakable(kind, board.clean, mask))

    def test_clean_boards_have_nothing_that_looks_like_a_defect(self):
        for board in self.boards:
            copper = (board.clean == 0).astype(np.uint8)
            for value in (0, 1):
                _, _, stats, _ = cv2.connectedComponentsWithStats((copper == value).astype(np.uint8), connectivity=4)
                self.assertGreaterEqual(stats[1:, cv2.CC_STAT_AREA].min(), scanner.SMALLEST_FEATURE)
            # No trace so slim and no gap so narrow that a pixel more or less would cut or bridge it. Beyond the border
            # things go on as they end there, so that what the border cuts does not count as slim.
            copper = cv2.copyMakeBorder(copper, 8, 8, 8, 8, cv2.BORDER_REPLICATE)
            count = (components(copper), components(1 - copper))
            for change in (cv2.erode, cv2.dilate):
                moved = change(copper, NEIGHBOURHOOD)
                self.assertEqual((components(moved), components(1 - moved)), count, f"seed {board.seed}")


class Judgement(unittest.TestCase):
    """Defects that a viewer could take for something else are turned down."""

    def setUp(self):
        self.clean = np.full((100, 100), 255, np.uint8)
        self.clean[40:52] = 0

    def mask(self, rows: slice, columns: slice) -> np.ndarray:
        mask = np.zeros(self.clean.shape, bool)
        mask[rows, columns] = True
        return mask

    def test_full_cut_is_an_open(self):
        self.assertTrue(is_unmistakable(Defect.OPEN, self.clean, self.mask(slice(40, 52), slice(50, 56))))

    def test_cut_that_leaves_a_strand_is_no_open(self):
        self.assertFalse(is_unmistakable(Defect.OPEN, self.clean, self.mask(slice(40, 51), slice(50, 56))))

    def test_hairline_cut_is_no_open(self):
        self.assertFalse(is_unmistakable(Defect.OPEN, self.clean, self.mask(slice(40, 52), slice(50, 52))))

    def test_bite_that_almost_cuts_is_no_mouse_bite(self):
        self.assertFalse(is_unmistakable(Defect.MOUSEBITE, self.clean, self.mask(slice(40, 50), slice(50, 60))))
        self.assertTrue(is_unmistakable(Defect.MOUSEBITE, self.clean, self.mask(slice(40, 46), slice(50, 60))))

    def test_shallow_spur_is_no_spur(self):
        self.assertFalse(is_unmistakable(Defect.SPUR, self.clean, self.mask(slice(52, 54), slice(40, 65))))
        self.assertTrue(is_unmistakable(Defect.SPUR, self.clean, self.mask(slice(52, 58), slice(45, 55))))

    def test_copper_that_almost_touches_is_no_copper(self):
        self.assertFalse(is_unmistakable(Defect.COPPER, self.clean, self.mask(slice(53, 63), slice(45, 55))))
        self.assertTrue(is_unmistakable(Defect.COPPER, self.clean, self.mask(slice(58, 68), slice(45, 55))))

    def test_box_is_clipped_to_the_board(self):
        self.assertEqual(labelled_box(self.mask(slice(2, 5), slice(95, 99))).tolist(), [85, 0, 100, 14])


class Routing(unittest.TestCase):
    def test_way_bends_by_45_degrees_around_obstacles(self):
        free = np.ones((20, 20), bool)
        free[0:15, 10] = False
        goals = np.zeros_like(free)
        goals[5, 17] = True
        way = find_way(free, (2, 5), goals)
        self.assertEqual((way[0], way[-1]), ((2, 5), (17, 5)))
        steps = np.diff(np.array(way), axis=0)
        straight = (steps == 0).any(1) | (np.abs(steps[:, 0]) == np.abs(steps[:, 1]))
        self.assertTrue(straight.all())
        headings = np.arctan2(steps[:, 1], steps[:, 0])
        turns = np.abs((np.diff(headings) + np.pi) % (2 * np.pi) - np.pi)
        np.testing.assert_allclose(turns, np.pi / 4)
        for (x, y), step in zip(way, steps):
            for part in range(np.abs(step).max() + 1):
                here = np.array([x, y]) + np.sign(step) * part
                self.assertTrue(free[here[1], here[0]])

    def test_walled_in_goal_has_no_way(self):
        free = np.ones((10, 10), bool)
        free[:, 5] = False
        goals = np.zeros_like(free)
        goals[2, 8] = True
        self.assertIsNone(find_way(free, (1, 1), goals))


class CocoFiles(unittest.TestCase):
    def test_run_lengths_are_column_by_column(self):
        mask = np.array([[0, 1, 1], [0, 1, 0]], bool)
        self.assertEqual(encode_rle(mask), [2, 3, 1])
        self.assertEqual(encode_rle(~mask), [0, 2, 3, 1])
        self.assertEqual(encode_rle(np.zeros((2, 3), bool)), [6])
        self.assertEqual(encode_rle(np.ones((2, 3), bool)), [0, 6])

    def test_run_lengths_round_trip(self):
        mask = np.random.default_rng(1).random((37, 23)) < 0.4
        np.testing.assert_array_equal(decode_rle(encode_rle(mask), 37, 23), mask)

    def test_annotations_describe_the_board(self):
        board = draw_board(SEEDS[2])
        coco = CocoFile("test")
        coco.add(board, "a.png")
        content = coco.content
        self.assertEqual([category["name"] for category in content["categories"]], list(CLASSES))
        self.assertEqual(CATEGORIES, CLASSES)
        self.assertEqual(content["images"][0]["file_name"], "a.png")
        for index, annotation in enumerate(content["annotations"]):
            mask = decode_rle(annotation["segmentation"]["counts"], *annotation["segmentation"]["size"])
            np.testing.assert_array_equal(mask, board.label_map == index + 1)
            self.assertEqual(annotation["area"], mask.sum())
            self.assertEqual(annotation["category_id"], board.kinds[index] + 1)
            x, y, width, height = annotation["bbox"]
            self.assertEqual([x, y, x + width, y + height], board.boxes[index].tolist())

    def test_command_line_writes_what_the_loader_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["generator", "--count", "2", "--seed", str(SEEDS[3]), "--out", folder, "--jpeg-every", "2"]
            with mock.patch("sys.argv", arguments), redirect_stdout(StringIO()):
                command_line.main()
            names = sorted(path.name for path in (Path(folder) / "images").iterdir())
            self.assertEqual(names, ["0009103.png", "0009104.jpg"])
            written = cv2.imread(str(Path(folder) / "images" / names[0]), cv2.IMREAD_GRAYSCALE)
            np.testing.assert_array_equal(written, draw_board(SEEDS[3]).image)


if __name__ == "__main__":
    unittest.main()
