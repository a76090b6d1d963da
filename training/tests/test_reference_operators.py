"""The reference pipeline's operators against hand-worked values and slow, literal ones."""

import math
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from training.metrics.instances import pairwise_box_iou
from training.reference.detection import Candidates, decode, suppress
from training.reference.letterbox import Letterbox, place
from training.reference.manifest import Detection, Head, Input, Refinement, RegionInput
from training.reference.masks import paste
from training.reference.pixels import UnsupportedImageError, load_samples
from training.reference.refinement import refined_boxes, refined_scores
from training.reference.regions import region_inputs

GREY_INPUT = Input(64, 64, 1, (0.0,), (1.0,), 114)
REFINEMENT = Refinement(28, 0.5, (10, 10, 5, 5), 1.0, "geometricMean")
WHOLE = Letterbox(64, 64, 0, 0, 64, 64)


def detection(*heads: Head) -> Detection:
    return Detection(heads, 0.001, 3000, 0.5, 0.35, 0.4, 100, 300)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


class PixelsTest(unittest.TestCase):
    def samples(self, image: Image.Image, channels: int = 1, **options) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "image.png"
            image.save(path, **options)
            return load_samples(path, channels)

    def test_grey_is_divided_by_its_largest_value(self):
        np.testing.assert_allclose(self.samples(Image.new("L", (1, 1), 51))[0, 0, 0], 0.2)
        np.testing.assert_allclose(self.samples(Image.new("1", (1, 1), 1))[0, 0, 0], 1.0)
        deep = Image.fromarray(np.full((1, 1), 13107, np.uint16))
        np.testing.assert_allclose(self.samples(deep)[0, 0, 0], 0.2)

    def test_colour_becomes_grey_by_bt601_in_whole_numbers(self):
        expected = (19595 * 200 + 38470 * 100 + 7471 * 50 + 32768) >> 16
        for image in (Image.new("RGB", (1, 1), (200, 100, 50)), Image.new("RGBA", (1, 1), (200, 100, 50, 7))):
            np.testing.assert_allclose(self.samples(image)[0, 0, 0], expected / 255, rtol=1e-6)

    def test_every_grey_survives_a_palette(self):
        ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None])
        np.testing.assert_allclose(self.samples(ramp.convert("P"))[0, 0], np.arange(256) / 255, atol=1e-7)

    def test_three_channels_are_red_green_blue(self):
        colour = self.samples(Image.new("RGB", (2, 1), (255, 51, 0)), 3)
        np.testing.assert_allclose(colour[:, 0, 0], [1, 0.2, 0])
        grey = self.samples(Image.new("L", (2, 1), 51), 3)
        np.testing.assert_allclose(grey[:, 0, 0], [0.2] * 3)

    def test_an_undefined_mode_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "image.jpg"
            Image.new("CMYK", (4, 4)).save(path)
            with self.assertRaisesRegex(UnsupportedImageError, "CMYK"):
                load_samples(path, 1)


class LetterboxTest(unittest.TestCase):
    def test_fit_rounds_half_away_from_zero_and_centres(self):
        # 64 / 128 = 0.5; 5 * 0.5 = 2.5 rounds to 3; (64 - 3) // 2 = 30.
        self.assertEqual(Letterbox.fit(128, 5, GREY_INPUT), Letterbox(128, 5, 0, 30, 64, 3))
        self.assertEqual(Letterbox.fit(10_000, 1, GREY_INPUT).height, 1)

    def test_coordinates_round_trip(self):
        letterbox = Letterbox.fit(100, 37, GREY_INPUT)
        boxes = np.array([[3.0, 5.0, 50.5, 30.0]])
        np.testing.assert_allclose(letterbox.to_image(letterbox.to_network(boxes)), boxes)
        np.testing.assert_allclose(
            letterbox.to_network(np.array([[0.0, 0, 100, 37]])),
            [[letterbox.left, letterbox.top, letterbox.left + letterbox.width, letterbox.top + letterbox.height]],
        )

    def test_clipping_stays_in_the_content_and_in_the_image(self):
        letterbox = Letterbox(128, 64, 0, 16, 64, 32)
        wide = np.array([[-5.0, 0.0, 80.0, 64.0]])
        np.testing.assert_allclose(letterbox.clip(wide), [[0, 16, 64, 48]])
        np.testing.assert_allclose(letterbox.to_image(wide), [[0, 0, 128, 64]])

    def test_same_size_is_a_copy(self):
        samples = np.random.default_rng(0).random((1, 64, 64), np.float32)
        np.testing.assert_array_equal(place(samples, WHOLE, GREY_INPUT)[0].numpy(), samples)

    def test_resizing_is_bilinear_at_half_pixel_centres(self):
        rng = np.random.default_rng(1)
        for width, height in ((100, 37), (20, 50), (64, 63)):
            samples = rng.random((1, height, width), np.float32)
            letterbox = Letterbox.fit(width, height, GREY_INPUT)
            placed = place(samples, letterbox, GREY_INPUT)[0, 0].numpy()
            expected = np.full((64, 64), 114 / 255)
            for y in range(letterbox.height):
                for x in range(letterbox.width):
                    expected[letterbox.top + y, letterbox.left + x] = self.sample(
                        samples[0],
                        (x + 0.5) * width / letterbox.width - 0.5,
                        (y + 0.5) * height / letterbox.height - 0.5,
                    )
            np.testing.assert_allclose(placed, expected, atol=2e-5)

    def test_normalisation_is_per_channel_and_reaches_the_padding(self):
        network = Input(4, 4, 3, (0.1, 0.2, 0.3), (0.5, 1.0, 2.0), 51)
        placed = place(np.full((3, 2, 4), 0.8, np.float32), Letterbox.fit(4, 2, network), network)[0].numpy()
        np.testing.assert_allclose(placed[:, 1, 0], [1.4, 0.6, 0.25], rtol=1e-6)
        np.testing.assert_allclose(placed[:, 0, 0], [0.2, 0.0, -0.05], atol=1e-7)

    @staticmethod
    def sample(table: np.ndarray, x: float, y: float) -> float:
        x, y = min(max(x, 0), table.shape[1] - 1), min(max(y, 0), table.shape[0] - 1)
        left, top = int(x), int(y)
        right, bottom = min(left + 1, table.shape[1] - 1), min(top + 1, table.shape[0] - 1)
        across, down = x - left, y - top
        upper = table[top, left] * (1 - across) + table[top, right] * across
        lower = table[bottom, left] * (1 - across) + table[bottom, right] * across
        return upper * (1 - down) + lower * down


class DecodeTest(unittest.TestCase):
    HEAD = Head(8, ((10, 20), (30, 12)))

    def raw(self) -> torch.Tensor:
        """One 8 x 8 grid, two anchors, two classes; boxes of the anchors' size and nothing in them."""
        return self.nothing(8)

    def nothing(self, size: int) -> torch.Tensor:
        raw = torch.full((1, 2, 7, size, size), -20.0)
        raw[:, :, :4] = 0.0
        return raw.reshape(1, 14, size, size)

    def test_one_cell_by_hand(self):
        raw = self.raw()
        raw[0, 7:14, 3, 5] = torch.tensor([0.4, -0.3, 0.2, 0.1, 2.0, -1.0, 1.5])
        found = decode([raw], detection(self.HEAD), WHOLE, 0.3)
        x, y = (2 * logistic(0.4) - 0.5 + 5) * 8, (2 * logistic(-0.3) - 0.5 + 3) * 8
        width, height = (2 * logistic(0.2)) ** 2 * 30, (2 * logistic(0.1)) ** 2 * 12
        np.testing.assert_allclose(
            found.boxes, [[x - width / 2, y - height / 2, x + width / 2, y + height / 2]], rtol=1e-6
        )
        np.testing.assert_allclose(found.scores, [logistic(2.0) * logistic(1.5)], rtol=1e-6)
        self.assertEqual((found.classes.tolist(), found.anchors.tolist()), ([1], [(1 * 8 + 3) * 8 + 5]))

    def test_anchor_indices_go_on_in_the_next_head(self):
        second = self.nothing(4)
        second[0, 4:7, 0, 1] = 9.0
        found = decode([self.raw(), second], detection(self.HEAD, Head(16, ((40, 40), (50, 50)))), WHOLE, 0.3)
        self.assertEqual(found.anchors.tolist(), [2 * 64 + 1])

    def test_equal_classes_give_the_first(self):
        raw = self.raw()
        raw[0, :7, 4, 4] = torch.tensor([0, 0, 0, 0, 5.0, 3.0, 3.0])
        self.assertEqual(decode([raw], detection(self.HEAD), WHOLE, 0.3).classes.tolist(), [0])

    def test_the_floor_never_falls_below_the_manifests(self):
        raw = self.raw()
        raw[0, 4:7, 4, 4] = torch.tensor([-4.0, 0.0, -9.0])
        self.assertEqual(len(decode([raw], detection(self.HEAD), WHOLE, 0.0)), 1)
        raw[0, 4, 4, 4] = -7.0
        self.assertEqual(len(decode([raw], detection(self.HEAD), WHOLE, 0.0)), 0)

    def test_boxes_outside_the_content_are_left_out(self):
        raw = self.raw()
        raw[0, :7, 0, 4] = torch.tensor([0, 0, 0, 0, 9.0, 9.0, 0])
        raw[0, :7, 4, 4] = torch.tensor([0, 0, 0, 0, 9.0, 9.0, 0])
        found = decode([raw], detection(self.HEAD), Letterbox(128, 64, 0, 16, 64, 32), 0.3)
        self.assertEqual(found.anchors.tolist(), [4 * 8 + 4])

    def test_what_is_not_finite_is_left_out(self):
        raw = self.raw()
        raw[0, :7, 2, 2] = math.nan
        raw[0, :7, 4, 4] = torch.tensor([math.nan, 0, 0, 0, 9.0, 9.0, 0])
        self.assertEqual(len(decode([raw], detection(self.HEAD), WHOLE, 0.0)), 0)


class SuppressTest(unittest.TestCase):
    def candidates(self, boxes, classes, scores) -> Candidates:
        return Candidates(np.array(boxes, np.float64), np.array(classes), np.array(scores), np.arange(len(classes)))

    def test_an_overlap_of_exactly_the_threshold_stays(self):
        # IoU 50 / 100: exactly 0.5 in floating point too.
        found = self.candidates([[0, 0, 10, 10], [0, 0, 10, 5]], [0, 0], [0.9, 0.8])
        self.assertEqual(len(suppress(found, 3000, 0.5, 100)), 2)
        self.assertEqual(len(suppress(found, 3000, 0.49, 100)), 1)

    def test_other_classes_do_not_suppress(self):
        found = self.candidates([[0, 0, 10, 10]] * 2, [0, 1], [0.9, 0.8])
        self.assertEqual(len(suppress(found, 3000, 0.5, 100)), 2)

    def test_equal_scores_keep_the_lower_anchor(self):
        found = self.candidates([[0, 0, 10, 10]] * 2, [0, 0], [0.9, 0.9]).take(np.array([1, 0]))
        self.assertEqual(suppress(found, 3000, 0.5, 100).anchors.tolist(), [0])

    def test_equals_the_literal_definition(self):
        rng = np.random.default_rng(4)
        for _ in range(20):
            count = 120
            low = rng.uniform(0, 60, (count, 2))
            boxes = np.concatenate([low, low + rng.uniform(5, 40, (count, 2))], 1)
            found = self.candidates(boxes, rng.integers(0, 3, count), np.round(rng.random(count), 1))
            order = sorted(range(count), key=lambda row: (-found.scores[row], row))[:100]
            kept: list[int] = []
            for row in order:
                overlaps = (
                    found.classes[row] == found.classes[other]
                    and pairwise_box_iou(boxes[row : row + 1], boxes[other : other + 1])[0, 0] > 0.4
                    for other in kept
                )
                if not any(overlaps):
                    kept.append(row)
            self.assertEqual(suppress(found, 100, 0.4, 30).anchors.tolist(), kept[:30])


class RegionInputsTest(unittest.TestCase):
    def test_equals_slow_roi_align_with_unshuffle(self):
        rng = np.random.default_rng(5)
        features = rng.random((3, 16, 16), np.float32)
        image = rng.random((1, 64, 64), np.float32)
        boxes = np.array([[10.0, 12, 30, 40], [-6, -6, 9, 7], [50, 50, 70, 66], [20.3, 20.1, 20.9, 21.7]])
        inputs = (RegionInput("features", 0.25, 4, 2, 1), RegionInput("image", 1.0, 8, 1, 2))
        sources = {"features": torch.from_numpy(features)[None], "image": torch.from_numpy(image)[None]}
        actual = region_inputs(boxes, sources, inputs).numpy()
        self.assertEqual(actual.shape, (4, 7, 4, 4))
        for row, box in enumerate(boxes):
            np.testing.assert_allclose(actual[row, :3], self.roi_align(features, box, 0.25, 4, 2), atol=1e-4)
            crop = self.roi_align(image, box, 1.0, 8, 1)
            for channel in range(4):
                expected = crop[0, channel // 2 :: 2, channel % 2 :: 2]
                np.testing.assert_allclose(actual[row, 3 + channel], expected, atol=1e-4)

    def roi_align(self, source, box, scale, size, sampling) -> np.ndarray:
        x1, y1, x2, y2 = box * scale - 0.5
        result = np.zeros((source.shape[0], size, size))
        for row in range(size):
            for column in range(size):
                for sample in range(sampling**2):
                    y = y1 + (row + (sample // sampling + 0.5) / sampling) * (y2 - y1) / size
                    x = x1 + (column + (sample % sampling + 0.5) / sampling) * (x2 - x1) / size
                    if -1 <= y <= source.shape[1] and -1 <= x <= source.shape[2]:
                        values = [LetterboxTest.sample(plane, x, y) for plane in source]
                        result[:, row, column] += np.array(values) / sampling**2
        return result


class RefinementTest(unittest.TestCase):
    def test_deltas_by_hand(self):
        box = np.array([[10.0, 20.0, 30.0, 60.0]])
        moved = refined_boxes(box, np.array([[5.0, -2.5, 5 * math.log(2), 50.0]]), REFINEMENT)
        # Centre (20, 40) moves by (0.5 * 20, -0.25 * 40); the width doubles, the height grows by the clamp, e.
        height = 40 * math.e
        np.testing.assert_allclose(moved, [[10, 30 - height / 2, 50, 30 + height / 2]])

    def test_scores_are_geometric_means_or_stage_1s(self):
        logits = np.array([[0.0, math.log(3.0), 0.0]])
        scores = refined_scores(np.array([0.6]), logits, np.array([1]), REFINEMENT)
        np.testing.assert_allclose(scores, [math.sqrt(0.6 * 0.6)])
        first = Refinement(28, 0.5, (10, 10, 5, 5), 1.0, "stage1")
        np.testing.assert_allclose(refined_scores(np.array([0.6]), logits, np.array([1]), first), [0.6])


class PasteTest(unittest.TestCase):
    def test_equals_the_literal_definition(self):
        rng = np.random.default_rng(6)
        for box in ([3.2, 4.7, 30.1, 22.9], [0.0, 0.0, 9.0, 40.0], [35.5, 20.0, 40.0, 30.0], [7.1, 7.2, 7.9, 7.8]):
            logits = rng.normal(0, 2, (28, 28))
            mask = paste(logits, np.array(box), 40, 30, 0.5)
            table = 1 / (1 + np.exp(-logits))
            expected = np.zeros((30, 40), bool)
            for y in range(max(0, math.floor(box[1])), min(30, math.ceil(box[3]))):
                for x in range(max(0, math.floor(box[0])), min(40, math.ceil(box[2]))):
                    u = (x + 0.5 - box[0]) / (box[2] - box[0]) * 28 - 0.5
                    v = (y + 0.5 - box[1]) / (box[3] - box[1]) * 28 - 0.5
                    expected[y, x] = LetterboxTest.sample(table, u, v) > 0.5
            full = np.zeros((30, 40), bool)
            height, width = mask.pixels.shape
            full[mask.y : mask.y + height, mask.x : mask.x + width] = mask.pixels
            np.testing.assert_array_equal(full, expected)
            self.assertEqual(mask.area, expected.sum())


if __name__ == "__main__":
    unittest.main()
