"""Average precision and operating points against hand-worked cases and a slow, literal reference."""

import unittest

import numpy as np

from training.metrics import average_precision as ap
from training.metrics.instances import box_areas, pairwise_box_iou
from training.metrics.masks import crop
from training.metrics.operating_point import count, operating_point
from training.tests.objects import instances


def slow_average_precision(predictions, truths, class_index, threshold, small_only):
    """COCO's definition, one detection, one object, one recall point at a time."""
    entries, positives = [], 0
    for predicted, true in zip(predictions, truths):
        objects = [row for row in range(len(true)) if true.classes[row] == class_index]
        is_small = {row: not small_only or box_areas(true.boxes[row : row + 1])[0] <= 1024 for row in objects}
        positives += sum(is_small.values())
        rows = [row for row in range(len(predicted)) if predicted.classes[row] == class_index]
        taken = set()
        for row in sorted(rows, key=lambda row: -predicted.scores[row])[:100]:
            choice = None
            for wanted in (True, False):
                best = threshold
                for candidate in objects:
                    iou = pairwise_box_iou(predicted.boxes[row : row + 1], true.boxes[candidate : candidate + 1])[0, 0]
                    if candidate not in taken and is_small[candidate] == wanted and iou >= best:
                        best, choice = iou, candidate
                if choice is not None:
                    break
            if choice is not None:
                taken.add(choice)
                if is_small[choice]:
                    entries.append((predicted.scores[row], True))
            elif not small_only or box_areas(predicted.boxes[row : row + 1])[0] <= 1024:
                entries.append((predicted.scores[row], False))
    if positives == 0:
        return np.nan
    entries.sort(key=lambda entry: -entry[0])
    curve, hits = [], 0
    for count, (_, hit) in enumerate(entries, 1):
        hits += hit
        curve.append((hits / positives, hits / count))
    return sum(max([p for r, p in curve if r >= point], default=0.0) for point in ap.RECALL_POINTS) / 101


class AveragePrecisionTest(unittest.TestCase):
    def test_perfect_predictions_score_one(self):
        truth = [instances([[0, 0, 10, 10], [20, 20, 40, 50]], [0, 1]), instances([[5, 5, 9, 9]], [1])]
        result = ap.average_precision(truth, truth, 2)
        np.testing.assert_allclose(result.table, 1.0)

    def test_one_of_two_found_reaches_half_the_recall_points(self):
        truth = [instances([[0, 0, 10, 10], [50, 50, 60, 60]])]
        found = [instances([[0, 0, 10, 10]], scores=[0.9])]
        # Recall 0.5 is reached with precision 1: the 51 points 0, 0.01, … 0.5 of 101.
        self.assertAlmostEqual(ap.average_precision(found, truth, 1).at_50, 51 / 101)

    def test_a_better_scored_false_positive_halves_the_precision(self):
        truth = [instances([[0, 0, 10, 10]])]
        found = [instances([[50, 50, 60, 60], [0, 0, 10, 10]], scores=[0.9, 0.8])]
        self.assertAlmostEqual(ap.average_precision(found, truth, 1).at_50, 0.5)

    def test_a_second_hit_on_one_object_is_false(self):
        truth = [instances([[0, 0, 10, 10]])]
        found = [instances([[0, 0, 10, 10], [0, 0, 10, 10]], scores=[0.9, 0.8])]
        self.assertAlmostEqual(ap.average_precision(found, truth, 1).at_50, 1.0)
        both = [found[0], instances([[0, 0, 10, 10]], scores=[0.5])]
        two = ap.average_precision(both, truth * 2, 1).at_50
        self.assertAlmostEqual(two, (51 + 50 * 2 / 3) / 101)

    def test_iou_thresholds_cut_a_loose_box(self):
        truth = [instances([[0, 0, 10, 10]])]
        found = [instances([[0, 0, 10, 7.2]], scores=[0.9])]
        np.testing.assert_allclose(ap.average_precision(found, truth, 1).table[0], [1] * 5 + [0] * 5)

    def test_a_class_without_objects_is_left_out_of_the_mean(self):
        truth = [instances([[0, 0, 10, 10]], [0])]
        found = [instances([[0, 0, 10, 10], [0, 0, 10, 10]], [0, 1], [0.9, 0.9])]
        result = ap.average_precision(found, truth, 2)
        self.assertTrue(np.isnan(result.table[1]).all())
        self.assertAlmostEqual(result.mean, 1.0)

    def test_masks_decide_where_masks_are_asked_for(self):
        pixels = np.ones((10, 10), bool)
        truth = [instances([[0, 0, 10, 10]], masks=[crop(pixels)])]
        half = pixels.copy()
        half[6:] = False
        found = [instances([[0, 0, 10, 10]], scores=[0.9], masks=[crop(half)])]
        np.testing.assert_allclose(ap.average_precision(found, truth, 1, use_masks=True).table[0], [1] * 3 + [0] * 7)
        np.testing.assert_allclose(ap.average_precision(found, truth, 1).table[0], 1.0)

    def test_equals_the_literal_definition(self):
        rng = np.random.default_rng(3)
        truths, predictions = [], []
        for _ in range(25):
            count = int(rng.integers(0, 7))
            low = rng.uniform(0, 80, (count, 2))
            boxes = np.concatenate([low, low + rng.uniform(15, 55, (count, 2))], 1)
            classes = rng.integers(0, 2, count)
            truths.append(instances(boxes, classes))
            rows = rng.integers(0, max(count, 1), 3 * count)
            noisy = boxes[rows] + rng.normal(0, 4, (len(rows), 4)) if count else boxes
            flips = np.where(rng.random(len(rows)) < 0.2, rng.integers(0, 2, len(rows)), classes[rows] if count else 0)
            predictions.append(instances(noisy, flips, rng.random(len(rows))))
        for small_only in (False, True):
            table = ap.average_precision(predictions, truths, 2, small_only=small_only).table
            for class_index in range(2):
                for column, threshold in enumerate(ap.IOU_THRESHOLDS):
                    expected = slow_average_precision(predictions, truths, class_index, threshold, small_only)
                    self.assertAlmostEqual(table[class_index, column], expected, places=12)
        self.assertLess(ap.average_precision(predictions, truths, 2).mean, 0.9)

    def test_more_than_a_hundred_detections_of_a_class_are_cut(self):
        truth = [instances([[0, 0, 10, 10]])]
        clutter = [[100 + row, 100, 105 + row, 105] for row in range(100)]
        found = [instances([*clutter, [0, 0, 10, 10]], scores=np.linspace(0.9, 0.1, 101))]
        self.assertEqual(ap.average_precision(found, truth, 1).at_50, 0.0)

    def test_equal_scores_count_in_the_order_of_the_images(self):
        truth = [instances([[0, 0, 10, 10]]), instances([])]
        hit, clutter = instances([[0, 0, 10, 10]], scores=[0.5]), instances([[30, 30, 40, 40]], scores=[0.5])
        self.assertAlmostEqual(ap.average_precision([hit, clutter], truth, 1).at_50, 1.0)
        self.assertAlmostEqual(ap.average_precision([clutter, hit], truth[::-1], 1).at_50, 0.5)

    def test_nothing_found_scores_zero(self):
        truth = [instances([[0, 0, 10, 10]]), instances([])]
        np.testing.assert_array_equal(ap.average_precision([instances([])] * 2, truth, 1).table, 0.0)

    def test_a_detection_on_an_image_without_objects_is_false(self):
        truth = [instances([]), instances([[0, 0, 10, 10]])]
        found = [instances([[0, 0, 10, 10]], scores=[0.9]), instances([[0, 0, 10, 10]], scores=[0.8])]
        self.assertAlmostEqual(ap.average_precision(found, truth, 1).at_50, 0.5)

    def test_without_any_object_there_is_no_mean(self):
        result = ap.average_precision([instances([[0, 0, 9, 9]], scores=[0.9])], [instances([])], 1)
        self.assertTrue(np.isnan([result.at_50, result.at_75, result.mean]).all())

    def test_large_objects_and_lone_large_detections_are_ignored_among_small_ones(self):
        truth = [instances([[0, 0, 32, 32], [100, 100, 140, 140]])]
        # Best first: the large object found, a large box on nothing, the small object found.
        boxes = [[100, 100, 140, 140], [200, 200, 240, 240], [0, 0, 32, 32]]
        found = [instances(boxes, scores=[0.9, 0.8, 0.7])]
        self.assertAlmostEqual(ap.average_precision(found, truth, 1, small_only=True).at_50, 1.0)
        self.assertAlmostEqual(ap.average_precision(found, truth, 1).at_50, (51 + 50 * 2 / 3) / 101)


class OperatingPointTest(unittest.TestCase):
    def test_counts_by_hand(self):
        square, strip = np.ones((10, 10), bool), np.ones((5, 10), bool)
        truth = [instances([[0, 0, 10, 10], [20, 0, 30, 10]], [0, 1], masks=[crop(square), crop(square, 20, 0)])]
        found = [
            instances(
                [[0, 0, 10, 10], [0, 1, 10, 10], [20, 0, 30, 10], [60, 60, 70, 70]],
                [0, 0, 0, 1],
                [0.9, 0.8, 0.7, 0.2],
                [crop(strip), crop(square), crop(square), crop(square)],
            )
        ]
        point = operating_point(found, truth, 0.5)
        # The first is true; the second hits a taken object; the third is of the wrong class; the fourth is too weak.
        self.assertEqual((point.true_positives, point.false_positives, point.false_negatives), (1, 2, 1))
        self.assertAlmostEqual(point.precision, 1 / 3)
        self.assertAlmostEqual(point.recall, 1 / 2)
        self.assertAlmostEqual(point.f1, 0.4)
        self.assertAlmostEqual(point.mask_iou, 0.5)
        self.assertAlmostEqual(point.mask_dice, 100 / 150)

    def test_the_threshold_itself_is_kept(self):
        truth = [instances([[0, 0, 10, 10]])]
        self.assertEqual(operating_point([instances([[0, 0, 10, 10]], scores=[0.5])], truth, 0.5).true_positives, 1)

    def test_nothing_found_is_precise_but_blind(self):
        point = operating_point([instances([])], [instances([[0, 0, 10, 10]])], 0.5)
        self.assertEqual((point.precision, point.recall, point.f1, point.mask_iou), (1.0, 0.0, 0.0, None))

    def test_nothing_found_where_nothing_is_is_right(self):
        point = operating_point([instances([], masks=[])], [instances([], masks=[])], 0.5)
        self.assertEqual((point.precision, point.recall, point.f1, point.mask_iou), (1.0, 1.0, 1.0, None))

    def test_of_equal_scores_the_first_takes_the_object(self):
        square, strip = np.ones((10, 10), bool), np.ones((5, 10), bool)
        truth = [instances([[0, 0, 10, 10]], masks=[crop(square)])]
        found = [instances([[0, 0, 10, 10]] * 2, scores=[0.9, 0.9], masks=[crop(strip), crop(square)])]
        point = operating_point(found, truth, 0.5)
        self.assertEqual((point.true_positives, point.false_positives, point.mask_iou), (1, 1, 0.5))


class CountTest(unittest.TestCase):
    def test_counts_stay_apart_by_image(self):
        truth = [instances([[0, 0, 10, 10]]), instances([]), instances([[0, 0, 10, 10], [20, 0, 30, 10]])]
        found = [instances([[0, 0, 10, 10]]), instances([[0, 0, 10, 10]]), instances([])]
        counts = count(found, truth, 0.5)
        np.testing.assert_array_equal(counts.true_positives, [1, 0, 0])
        np.testing.assert_array_equal(counts.false_positives, [0, 1, 0])
        np.testing.assert_array_equal(counts.false_negatives, [0, 0, 2])
        total = counts.weighted(np.array([[1, 1, 1], [2, 0, 1], [0, 1, 0]]))
        np.testing.assert_allclose(total.precision, [1 / 2, 1, 0])
        np.testing.assert_allclose(total.recall, [1 / 3, 1 / 2, 1])
        np.testing.assert_allclose(total.f1, [2 / 5, 2 / 3, 0])

    def test_large_objects_and_lone_large_predictions_are_ignored_among_small_ones(self):
        truth = [instances([[0, 0, 32, 32], [50, 0, 60, 10], [100, 100, 140, 140]])]
        # The small object and the large one are found; a small box and a large one stand on nothing.
        found = [instances([[0, 0, 32, 32], [100, 100, 140, 140], [200, 0, 210, 10], [200, 200, 240, 240]])]
        small = count(found, truth, 0.5, small_only=True)
        self.assertEqual((small.true_positives[0], small.false_positives[0], small.false_negatives[0]), (1, 1, 1))
        every = count(found, truth, 0.5)
        self.assertEqual((every.true_positives[0], every.false_positives[0], every.false_negatives[0]), (2, 2, 1))

    def test_among_small_objects_a_large_one_is_taken_only_where_no_small_one_fits(self):
        # The prediction overlaps the large object with IoU 0.9 and the small one with 30 * 32 / (36 * 32) = 0.83.
        truth = [instances([[0, 0, 40, 32], [0, 0, 30, 32]])]
        found = [instances([[0, 0, 36, 32]])]
        small = count(found, truth, 0.5, small_only=True)
        self.assertEqual((small.true_positives[0], small.false_positives[0], small.false_negatives[0]), (1, 0, 0))

    def test_masks_are_compared_for_small_objects_alone(self):
        small, large = np.ones((10, 10), bool), np.ones((40, 40), bool)
        boxes = [[0, 0, 10, 10], [50, 50, 90, 90]]
        truth = [instances(boxes, masks=[crop(small), crop(large, 50, 50)])]
        found = [instances(boxes, masks=[crop(small[:5]), crop(large, 50, 50)])]
        total = count(found, truth, 0.5, small_only=True).weighted(np.ones((1, 1), np.int64))
        self.assertAlmostEqual(total.mask_iou[0], 0.5)
        self.assertAlmostEqual(total.mask_dice[0], 2 / 3)


if __name__ == "__main__":
    unittest.main()
