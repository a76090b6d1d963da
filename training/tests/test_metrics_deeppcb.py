"""The DeepPCB paper's protocol, by hand."""

import unittest

import numpy as np

from training.metrics.deeppcb import deeppcb_counts, deeppcb_map, deeppcb_matches
from training.tests.objects import instances

BOX, OTHER = [0, 0, 10, 10], [50, 50, 60, 60]


def paper_map(found, truth, class_count=1) -> float:
    weights = np.ones((1, len(truth)), np.int64)
    return float(deeppcb_map(deeppcb_matches(found, truth, class_count), weights)[0])


def paper_f_score(found, truth, min_score) -> float:
    return float(deeppcb_counts(found, truth, min_score).weighted(np.ones((1, len(truth)), np.int64)).f1[0])


class DeepPcbTest(unittest.TestCase):
    def test_the_overlap_must_be_larger_than_a_third_less_a_little(self):
        truth = [instances([BOX])]
        for height, expected in ((3.3, 0.0), (3.31, 1.0)):
            # The IoU is height / 10: 0.33 itself is not enough.
            found = [instances([[0, 0, 10, height]], scores=[0.9])]
            self.assertEqual(paper_map(found, truth), expected)
            self.assertEqual(paper_f_score(found, truth, 0.5), expected)

    def test_map_is_the_whole_area_under_the_envelope(self):
        truth = [instances([BOX, OTHER])]
        # True, false, true: precision 1 over the first half of the recall and 2/3 over the second.
        found = [instances([BOX, [80, 80, 90, 90], OTHER], scores=[0.9, 0.8, 0.7])]
        self.assertAlmostEqual(paper_map(found, truth), (1 + 2 / 3) / 2)

    def test_map_is_the_mean_over_the_classes_that_have_objects(self):
        truth = [instances([BOX, OTHER], [0, 1])]
        found = [instances([BOX, BOX, OTHER, OTHER], [0, 1, 1, 2], [0.9, 0.8, 0.7, 0.6])]
        # Class 0 is found; class 1 only after a false one; class 2 has no object.
        self.assertAlmostEqual(paper_map(found, truth, 3), (1 + 1 / 2) / 2)

    def test_an_object_is_found_once(self):
        truth = [instances([BOX, OTHER])]
        found = [instances([BOX, BOX, OTHER], scores=[0.9, 0.8, 0.7])]
        self.assertAlmostEqual(paper_map(found, truth), (1 + 2 / 3) / 2)
        self.assertAlmostEqual(paper_f_score(found, truth, 0.5), 2 * 2 / (2 * 2 + 1))

    def test_f_score_is_taken_at_the_threshold(self):
        truth = [instances([BOX, OTHER], [0, 1]), instances([BOX])]
        found = [instances([BOX, OTHER, OTHER], [0, 0, 1], [0.9, 0.6, 0.4]), instances([])]
        # At 0.5 one of two predictions is true and one of three objects is found: P 1/2, R 1/3.
        self.assertAlmostEqual(paper_f_score(found, truth, 0.5), 2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
        # At 0.4 two of three and two of three.
        self.assertAlmostEqual(paper_f_score(found, truth, 0.4), 2 / 3)

    def test_every_detection_of_an_image_counts(self):
        clutter = [[100 + row, 100, 105 + row, 105] for row in range(100)]
        found = [instances([*clutter, BOX], scores=np.linspace(0.9, 0.1, 101))]
        self.assertAlmostEqual(paper_map(found, [instances([BOX])]), 1 / 101)

    def test_an_image_without_objects_can_only_hold_false_ones(self):
        truth = [instances([]), instances([BOX])]
        found = [instances([BOX], scores=[0.9]), instances([BOX], scores=[0.8])]
        self.assertAlmostEqual(paper_map(found, truth), 1 / 2)
        self.assertAlmostEqual(paper_f_score(found, truth, 0.5), 2 / 3)

    def test_equal_scores_count_in_the_order_of_the_images(self):
        truth = [instances([]), instances([BOX])]
        found = [instances([BOX], scores=[0.9]), instances([BOX], scores=[0.9])]
        self.assertAlmostEqual(paper_map(found, truth), 1 / 2)
        self.assertAlmostEqual(paper_map(found[::-1], truth[::-1]), 1.0)

    def test_nothing_found_and_nothing_to_find(self):
        self.assertEqual(paper_map([instances([])], [instances([BOX])]), 0.0)
        self.assertEqual(paper_f_score([instances([])], [instances([BOX])], 0.5), 0.0)
        self.assertTrue(np.isnan(paper_map([instances([])], [instances([])])))
        self.assertEqual(paper_f_score([instances([])], [instances([])], 0.5), 1.0)


if __name__ == "__main__":
    unittest.main()
